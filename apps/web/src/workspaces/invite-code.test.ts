import { expect, test } from 'vitest'
import { codeIn } from './invite-code.ts'

test.each([
  ['https://chat.example.org/i/aB3_-x', 'aB3_-x'],
  [' https://chat.example.org/i/aB3?utm=1#x ', 'aB3'],
  ['aB3', 'aB3'],
  ['', ''],
  ['https://chat.example.org/w/1', ''],
  ['two words', ''],
])('in %j the code is %j', (text, code) => {
  expect(codeIn(text)).toBe(code)
})
