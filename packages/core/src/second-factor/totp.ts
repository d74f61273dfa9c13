import { createHmac, timingSafeEqual } from 'node:crypto'

/** What every authenticator app takes: 30 s, 6 digits, SHA-1 (RFC 6238, 1.2 and 4). */
const periodMs = 30_000
const digits = 6

/** The code of a step: RFC 4226, 5.3. */
export function codeAt(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 0xf
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits
  return String(number).padStart(digits, '0')
}

export const stepAt = (now: number): number => Math.floor(now / periodMs)

/**
 * The step that a code is of, or undefined: the present one, or the one before or after, for clocks that
 * are not quite right and people who are not quite fast (RFC 6238, 5.2). `now` is in milliseconds.
 */
export function stepOf(secret: Buffer, code: string, now: number): number | undefined {
  const given = Buffer.from(code)
  const step = stepAt(now)
  return [step, step - 1, step + 1].find((step) => {
    const right = Buffer.from(codeAt(secret, step))
    return given.length === right.length && timingSafeEqual(given, right)
  })
}

/** What authenticator apps read from a QR code. */
export function otpauthUri(secret: string, issuer: string, account: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`
  const query = new URLSearchParams({
    secret,
    issuer,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
  // Apps take a plus sign for what it is.
  return `otpauth://totp/${label}?${query.toString().replaceAll('+', '%20')}`
}
