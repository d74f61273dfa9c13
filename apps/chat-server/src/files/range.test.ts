import { expect, test } from 'vitest'
import { isKnown, rangeOf } from './range.ts'

const tag = '"t"'
const of = (range: string, ifRange?: string, size = 10) => rangeOf({ range, ifRange }, tag, size)

test.for([
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=2-', { start: 2, end: 9 }],
  ['bytes=-3', { start: 7, end: 9 }],
  ['bytes=-99', { start: 0, end: 9 }],
  ['bytes=4-999', { start: 4, end: 9 }],
  ['bytes=10-', 'none'],
  ['bytes=-0', 'none'],
  ['bytes=5-2', undefined],
  ['bytes=-', undefined],
  ['bytes=--1', undefined],
  ['bytes=0-1,2-3', undefined],
  [`bytes=${'0-,'.repeat(10_000)}0-`, undefined],
  ['bytes=0-99999999999999999999', undefined],
  ['chars=0-1', undefined],
] as const)('FI-09: %s of ten bytes is one range, none, or all', ([range, found]) => {
  expect(of(range)).toEqual(found)
})

test('FI-09: a range of what has changed since is all of it, and an empty file has no part', () => {
  expect(of('bytes=0-1', '"t"')).toEqual({ start: 0, end: 1 })
  expect(of('bytes=0-1', 'W/"t"')).toBeUndefined()
  expect(of('bytes=0-1', '"other"')).toBeUndefined()
  expect(of('bytes=0-1', 'Thu, 26 Nov 2026 09:00:00 GMT')).toBeUndefined()
  expect(of('bytes=0-', undefined, 0)).toBe('none')
})

test('what one has is known by any tag of the list', () => {
  expect(isKnown('"a", W/"t"', tag)).toBe(true)
  expect(isKnown(' * ', tag)).toBe(true)
  expect(isKnown('"a", "b"', tag)).toBe(false)
  expect(isKnown(undefined, tag)).toBe(false)
})
