import { expect, test } from 'vitest'
import { codeOf, isCode } from './digits.ts'

test.each([
  ['123456', '123456'],
  [' 123 456\n', '123456'],
  ['١٢٣٤٥٦', '123456'],
  ['۱۲۳ ۴۵۶', '123456'],
  ['１２３４５６', '123456'],
])('%s is a code, however its digits are written', (typed, code) => {
  expect(codeOf(typed)).toBe(code)
  expect(isCode(codeOf(typed))).toBe(true)
})

test.each(['', '12345', '1234567', '12345a', '一二三四五六', 'abcd-efgh-ijkl-mnop'])(
  '%s is none',
  (typed) => expect(isCode(codeOf(typed))).toBe(false),
)
