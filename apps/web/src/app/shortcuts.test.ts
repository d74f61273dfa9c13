import { expect, test } from 'vitest'
import { actionOf } from './shortcuts.ts'

const press = (keys: string) => {
  const parts = keys.split('+')
  const key = parts.at(-1) ?? ''
  return {
    key,
    code: '',
    altKey: parts.includes('Alt'),
    ctrlKey: parts.includes('Ctrl'),
    metaKey: parts.includes('Meta'),
    shiftKey: parts.includes('Shift'),
    isComposing: false,
  }
}

test.each([
  ['Ctrl+k', 'switcher'],
  ['Meta+k', 'switcher'],
  ['k', undefined],
  ['Ctrl+Shift+K', undefined],
  ['Alt+ArrowUp', 'previous'],
  ['Alt+ArrowDown', 'next'],
  ['Alt+Shift+ArrowUp', 'previous_unread'],
  ['Alt+Shift+ArrowDown', 'next_unread'],
  ['Ctrl+ArrowUp', undefined],
  ['ArrowUp', undefined],
  ['F6', 'region_next'],
  ['Ctrl+F6', 'region_next'],
  ['Shift+F6', 'region_previous'],
  ['Ctrl+/', 'shortcuts'],
  ['Ctrl+Shift+/', 'shortcuts'],
  ['/', undefined],
  ['Ctrl+Shift+D', 'hide_sidebar'],
  ['Ctrl+d', undefined],
])('%s does %s', (keys, action) => {
  expect(actionOf(press(keys))).toBe(action)
})

test('keys of an input method are its own', () => {
  expect(actionOf({ ...press('Ctrl+k'), isComposing: true })).toBeUndefined()
})

test('the place of the key counts where its letter is not Latin', () => {
  expect(actionOf({ ...press('Ctrl+л'), code: 'KeyK' })).toBe('switcher')
})
