import { codeAt, stepAt } from '../second-factor/totp.ts'
import { until } from './until.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The bytes of a secret as an authenticator app is given it: RFC 4648, 6. */
export function secretOf(base32: string): Buffer {
  const bits = Array.from(base32, (letter) =>
    alphabet.indexOf(letter).toString(2).padStart(5, '0'),
  ).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/**
 * An app with this secret: its code, or that of so many steps later. It begins where so much of a step
 * is left, in milliseconds, that the code of the step before is good for as long.
 */
export async function authenticator(
  base32: string,
  leastMs = 10_000,
): Promise<(steps?: number) => string> {
  const secret = secretOf(base32)
  await until(() => Date.now() % 30_000 < 30_000 - leastMs, { timeoutMs: 15_000 })
  return (steps = 0) => codeAt(secret, stepAt(Date.now()) + steps)
}
