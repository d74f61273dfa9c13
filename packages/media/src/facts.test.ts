import { Check } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { Answer, nothing } from './facts.ts'

const thumb = { name: 'thumb', mime: 'image/webp', width: 360, height: 270 }

test('what a process says is believed where it could be true', () => {
  expect(Check(Answer, { facts: { ...nothing, renditions: [thumb] } })).toBe(true)
  expect(Check(Answer, { failure: 'timed_out' })).toBe(true)
})

describe('and not otherwise', () => {
  test.for([
    ['nothing', undefined],
    ['a sentence', 'ready'],
    ['a reason of its own', { failure: 'because' }],
    ['a name that is a path', { facts: { ...nothing, renditions: [{ ...thumb, name: '../x' }] } }],
    ['another type', { facts: { ...nothing, renditions: [{ ...thumb, mime: 'text/html' }] } }],
    ['a larger rendition', { facts: { ...nothing, renditions: [{ ...thumb, width: 1281 }] } }],
    ['a negative width', { facts: { ...nothing, width: -1 } }],
    ['half a millisecond', { facts: { ...nothing, duration_ms: 0.5 } }],
    ['a long text', { facts: { ...nothing, text_preview: 'x'.repeat(2001) } }],
    ['a long hash', { facts: { ...nothing, blur_hash: 'x'.repeat(101) } }],
  ] as const)('%s', ([, said]) => {
    expect(Check(Answer, said)).toBe(false)
  })
})
