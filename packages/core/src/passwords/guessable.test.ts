import { expect, test } from 'vitest'
import { commonPasswords } from './common.ts'
import { isGuessable } from './guessable.ts'

const common = await commonPasswords()
const names = ['Parley', 'Acme Chat', 'Zoë', 'zoe.lindqvist@example.org']
const guessable = (password: string): boolean => isGuessable(password, common, names)

test('AU-18: common passwords are known in capitals, with digits and signs around them, and twice', () => {
  const passed = [...common]
    .slice(0, 3_000)
    .flatMap((word) => [word, word.toUpperCase(), `${word}!7`, `<${word}>`, `${word} ${word}`])
    .filter((password) => !guessable(password))
  expect(passed).toEqual([])
})

test.each([
  'Password123456789',
  'P@$$w0rd!!2024',
  'pass word pass word',
  'pässwörd 2024',
  '1qaz2wsx2024',
  'dragondragondragon',
  'Iloveyou!!!!!!!!!!!!',
  'abcdefghijklmnop',
  '123456789012',
  '111111222222',
])('%s is a common password in disguise', (password) => {
  expect(guessable(password)).toBe(true)
})

test.each([
  'Lindqvist2024',
  'zoe.lindqvist@example.org',
  'Zoe Lindqvist',
  'parley-parley-parley',
  'P4rl3y!12345',
  'ACME Chat 2025!',
  'AcmeChatPassword',
])('%s is made of names', (password) => {
  expect(guessable(password)).toBe(true)
})

test.each([
  'a long password',
  'correct horse battery staple',
  'twelve chars',
  'chat with zoe at noon',
  'kX9$mQ2!vL7#',
  '839201748392',
  'dragon 8392 0174 5526',
  'пароль из слов',
  'كلمة مرور طويلة',
  '😀'.repeat(12),
])('%s is fine', (password) => {
  expect(guessable(password)).toBe(false)
})

test('the longest passwords cost less than a millisecond', () => {
  const longest = [
    'a1'.repeat(128),
    `${'1'.repeat(255)}a`,
    'p@$$w0rd!1'.repeat(25),
    '😀1'.repeat(128),
  ]
  for (const password of longest) {
    const before = process.cpuUsage()
    for (let n = 0; n < 100; n++) guessable(password)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 100).toBeLessThan(1_000)
  }
})
