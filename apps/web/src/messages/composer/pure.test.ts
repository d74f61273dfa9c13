import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isInputMethod, sends } from './keys.ts'
import { fit, fold } from './match.ts'
import { mentionedNames } from './mentions.ts'
import { contentOf, inFence, lengthOf } from './text.ts'
import { emojiNameAt, triggerAt } from './trigger.ts'

const stroke = (more: Partial<KeyboardEvent> = {}) => ({
  key: 'Enter',
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 13,
  ...more,
})

test('Enter sends, but not with Shift, nor in a fence, nor for an input method', () => {
  expect(sends(stroke(), 'enter', false)).toBe(true)
  expect(sends(stroke({ shiftKey: true }), 'enter', false)).toBe(false)
  expect(sends(stroke(), 'enter', true)).toBe(false)
  expect(sends(stroke({ ctrlKey: true }), 'enter', true)).toBe(true)
  expect(sends(stroke(), 'ctrl_enter', false)).toBe(false)
  expect(sends(stroke({ metaKey: true }), 'ctrl_enter', false)).toBe(true)
  expect(sends(stroke({ isComposing: true }), 'enter', false)).toBe(false)
  expect(sends(stroke({ keyCode: 229, ctrlKey: true }), 'enter', false)).toBe(false)
  expect(isInputMethod(stroke({ key: 'a', keyCode: 229 }))).toBe(true)
})

test('a fence is open until one as long closes it', () => {
  const at = (text: string) => inFence(text, text.length)
  expect(at('```')).toBe(true)
  expect(at('```ts\nlet a\n')).toBe(true)
  expect(at('```ts\nlet a\n```\n')).toBe(false)
  expect(at('````\n```\n')).toBe(true)
  expect(at('~~~\n```\n')).toBe(true)
  expect(at('``` `a`\n')).toBe(false)
  expect(at('    ```\n')).toBe(false)
  expect(inFence('```\na\n```', 5)).toBe(true)
})

test('characters are counted as the server counts them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(lengthOf(text)).toBe(Array.from(text).length)
    }),
  )
})

test('indentation stays, blank lines around do not', () => {
  expect(contentOf('\n  \n    code\n  more \n\n')).toBe('    code\n  more')
  expect(contentOf(' \n\t')).toBe('')
  expect(contentOf('a\0b\ud800')).toBe('ab\ufffd')
})

test('a word is completed where it begins like a mention or an emoji', () => {
  const at = (text: string) => triggerAt(text, text.length)
  expect(at('hi @mi')).toEqual({ kind: 'person', query: 'mi', start: 3 })
  expect(at('@')).toEqual({ kind: 'person', query: '', start: 0 })
  expect(at('mail a@b')).toBeUndefined()
  expect(at('@mi ')).toBeUndefined()
  expect(at('so :ta')).toEqual({ kind: 'emoji', query: 'ta', start: 3 })
  expect(at(':t')).toBeUndefined()
  expect(at('at 10:30')).toBeUndefined()
  expect(at('`a @mi')).toBeUndefined()
  expect(at('```\n@mi')).toBeUndefined()
  expect(triggerAt('@mira there', 3)).toEqual({ kind: 'person', query: 'mi', start: 0 })
  expect(emojiNameAt('so :TADA:', 9)).toEqual({ kind: 'emoji', query: 'tada', start: 3 })
})

test('any word of a name is found, without case and accents', () => {
  const found = (name: string, query: string, locale = 'en') =>
    fit(fold(name, locale), fold(query, locale))
  expect(found('Mira.Kovač', 'mi')).toBe(0)
  expect(found('Mira.Kovač', 'kovac')).toBe(1)
  expect(found('anna-lena_weiß', 'WEISS', 'de')).toBe(1)
  expect(found('anna-lena', 'a-le')).toBe(1)
  expect(found('Łukasz', 'luk', 'pl')).toBe(0)
  expect(found('mira', 'ira')).toBeUndefined()
  expect(found('İpek', 'i', 'tr')).toBe(0)
  expect(found('Işık', 'i', 'tr')).toBeUndefined()
  expect(found('Işık', 'isik', 'en')).toBe(0)
})

test('names are read out of a text as the server reads them', () => {
  expect(mentionedNames('hi @Mira, `@no` and @jo.')).toEqual(['mira', 'jo.', 'jo'])
  expect(mentionedNames('a@b.org')).toEqual([])
})
