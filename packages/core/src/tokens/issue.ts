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

/** Signs an access token (RFC 9068): ids only, no name, address or role. */
export function issueToken(
  { kid, key }: SigningKey,
  issuer: string,
  userId: number,
  sessionId: number,
  clock: Clock,
): Promise<string> {
  const now = Math.floor(clock.now() / 1000)
  return new SignJWT({ sid: String(sessionId) })
    .setProtectedHeader({ alg: 'EdDSA', typ: tokenType, kid })
    .setIssuer(issuer)
    .setAudience([...audiences])
    .setSubject(String(userId))
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + tokenLifetime)
    .sign(key)
}
