import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Clock } from '../clock.ts'
import type { SigningKey } from './keys.ts'

/** How long an access token lives, in seconds. */
export const tokenLifetime = 600

/** How far two servers may be apart in what they know of the database's clock, in seconds. */
export const clockTolerance = 30

export const tokenType = 'at+jwt'

/** The two servers that take access tokens. */
export const audiences = ['api', 'notify'] as const
export type Audience = (typeof audiences)[number]

/** Of whom a second factor is due: such a token is good for setting one up, at the API alone. */
export const setupAudience = 'setup'

/**
 * Signs an access token (RFC 9068): ids only, no name, address or role. While a second factor is due it is
 * for another audience, so that no server takes it for more by mistake.
 */
export function issueToken(
  { kid, key }: SigningKey,
  issuer: string,
  userId: number,
  sessionId: number,
  clock: Clock,
  secondFactorDue = false,
): Promise<string> {
  const now = Math.floor(clock.now() / 1000)
  return new SignJWT({ sid: String(sessionId) })
    .setProtectedHeader({ alg: 'EdDSA', typ: tokenType, kid })
    .setIssuer(issuer)
    .setAudience(secondFactorDue ? [setupAudience] : [...audiences])
    .setSubject(String(userId))
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + tokenLifetime)
    .sign(key)
}
