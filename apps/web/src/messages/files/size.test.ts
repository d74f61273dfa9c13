import { expect, test } from 'vitest'
import { sizeText, typeText } from './size.ts'

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1,023 bytes'],
  [1024, '1 kB'],
  [1.4 * 1024 ** 2, '1.4 MB'],
  [100 * 1024 ** 2, '100 MB'],
  [3 * 1024 ** 4, '3,072 GB'],
])('%d bytes are said as %s', (bytes, said) => {
  expect(sizeText(bytes)).toBe(said)
})

test.each([
  ['notes.PDF', 'application/pdf', 'PDF'],
  ['notes', 'application/pdf', 'PDF'],
  ['notes', 'application/octet-stream', ''],
])('what %s is, is said in a few letters', (name, mime, said) => {
  expect(typeText({ name, mime })).toBe(said)
})
