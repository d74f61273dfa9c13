import { expect, test } from 'vitest'
import { checkPassword } from './policy.ts'

const rules = { passwordMinLength: 12, instanceName: 'Garden' }
const fault = (password: string, names: (string | undefined)[] = []) =>
  checkPassword(password, rules, names)

test('a password that is too short is called that, also where it is common', async () => {
  expect(await fault('password')).toBe('weak_password')
  expect(await fault('eleven char')).toBe('weak_password')
  expect(await fault('twelve chars')).toBeUndefined()
})

test('lengths are those of what is hashed, in code points', async () => {
  expect(await fault('😀'.repeat(11))).toBe('weak_password')
  // Twelve letters and their accents are twelve characters once they are composed.
  expect(await fault('qe\u0301xe\u0301ze\u0301ve\u0301ke\u0301y')).toBe('weak_password')
  // One letter that is eighteen when it is normalised.
  expect(await fault('\ufdfa'.repeat(15))).toBe('long_password')
  const longest = 'many words '.repeat(30).slice(0, 256)
  expect(await fault(longest)).toBeUndefined()
  expect(await fault(`${longest}x`)).toBe('long_password')
})

test('the names of the product, the instance and the person are easy to guess', async () => {
  expect(await fault('Parley123456')).toBe('common_password')
  expect(await fault('garden garden')).toBe('common_password')
  expect(await fault('quintavius2024')).toBeUndefined()
  expect(await fault('quintavius2024', ['Quintávius', undefined])).toBe('common_password')
})

test('where eight characters are enough, the common ones among them are not', async () => {
  const short = { ...rules, passwordMinLength: 8 }
  expect(await checkPassword('Football', short, [])).toBe('common_password')
  expect(await checkPassword('vK7)nQ2p', short, [])).toBeUndefined()
})
