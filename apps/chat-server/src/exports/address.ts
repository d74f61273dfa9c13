import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Clock } from '@parley/core/clock'

/** Whose everything, and the session that may have it. */
export interface Holder {
  userId: number
  sessionId: number
}

/** A download begins within so many seconds; each look at the state gives another address. */
const goodForSeconds = 300

/** Signs addresses of exports with HMAC-SHA256, by a key of its own made from the master key (RFC 5869). */
export function createAddresses(masterKey: Buffer, clock: Clock) {
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'parley export addresses', 32))
  const signatureOf = ({ userId, sessionId }: Holder, expires: number): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([userId, sessionId, expires]))
      .digest()

  return {
    sign(holder: Holder): string {
      const expires = Math.floor(clock.now() / 1000) + goodForSeconds
      const query = new URLSearchParams({
        e: String(expires),
        i: String(holder.sessionId),
        s: signatureOf(holder, expires).toString('base64url'),
      })
      return `/exports/${holder.userId}?${query.toString()}`
    },

    /** Whether this is what `sign` made, not changed and not expired. */
    isGood(holder: Holder, expires: number, signature: string): boolean {
      const given = Buffer.from(signature, 'base64url')
      const right = signatureOf(holder, expires)
      const same =
        given.length === right.length &&
        given.toString('base64url') === signature &&
        timingSafeEqual(given, right)
      return same && expires * 1000 > clock.now()
    },
  }
}
