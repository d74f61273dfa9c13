import { expect, test } from 'vitest'
import { base32 } from './base32.ts'
import { newRecoveryCodes, recoveryHash } from './recovery.ts'
import { codeAt, otpauthUri, stepAt, stepOf } from './totp.ts'

const secret = Buffer.from('12345678901234567890')

// RFC 6238, appendix B, of which the last six digits are those of a shorter code.
test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at %i s the code is %s', (seconds, code) => {
  expect(codeAt(secret, stepAt(seconds * 1_000))).toBe(code)
})

test('AU-22: a code counts one step before its time and one after, no longer', () => {
  const now = 1_234_567_890_000
  const step = stepAt(now)
  for (const near of [-1, 0, 1])
    expect(stepOf(secret, codeAt(secret, step + near), now)).toBe(step + near)
  for (const far of [-3, -2, 2, 3])
    expect(stepOf(secret, codeAt(secret, step + far), now)).toBeUndefined()
  for (const other of ['', '00592', '0005924', '005925', '００５９２４'])
    expect(stepOf(secret, other, now)).toBeUndefined()
})

// RFC 4648, 10.
test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('%s in base 32 is %s', (text, encoded) => {
  expect(base32(Buffer.from(text))).toBe(encoded)
})

test('an authenticator app is told all that it has to know', () => {
  const uri = new URL(otpauthUri('MZXW6', 'Acme & Sons', 'ann@example.org'))
  expect(uri.href).toContain('otpauth://totp/Acme%20%26%20Sons:ann%40example.org?')
  expect(uri.href).toContain('issuer=Acme%20%26%20Sons')
  expect(uri.searchParams.get('secret')).toBe('MZXW6')
})

test('AU-22: ten recovery codes of 80 bits, which count however they are typed', () => {
  const codes = newRecoveryCodes()
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^[a-z2-7]{4}(?:-[a-z2-7]{4}){3}$/)
  const [code = ''] = codes
  expect(recoveryHash(` ${code.toUpperCase().replaceAll('-', ' ')}`)).toEqual(recoveryHash(code))
})
