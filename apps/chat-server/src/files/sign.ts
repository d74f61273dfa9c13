import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Clock } from '@parley/core/clock'

/** What an address lets one have, and whom. */
export interface Grant {
  fileId: number
  userId: number
  /** As an attachment, or as the browser shows it. */
  download: boolean
  rendition: string | undefined
}

/** An address is good for four to five minutes: it stays the same for one, so that browsers keep what they got. */
const longestSeconds = 300
const sameForSeconds = 60

const text = ({ fileId, userId, download, rendition }: Grant, expires: number): string =>
  JSON.stringify([fileId, userId, download, rendition ?? null, expires])

/** Signs addresses of files with HMAC-SHA256, by a key of its own made from the master key (RFC 5869). */
export function createSigner(masterKey: Buffer, clock: Clock, origin: string | undefined) {
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'parley file addresses', 32))
  const signatureOf = (grant: Grant, expires: number): Buffer =>
    createHmac('sha256', key).update(text(grant, expires)).digest()

  return {
    /** An address, and until when it is good. */
    sign(grant: Grant): { url: string; expires_at: string } {
      const now = Math.floor(clock.now() / 1000)
      const expires = now - (now % sameForSeconds) + longestSeconds
      const query = new URLSearchParams({
        e: String(expires),
        u: String(grant.userId),
        ...(grant.download ? { d: '1' } : {}),
        ...(grant.rendition === undefined ? {} : { r: grant.rendition }),
        s: signatureOf(grant, expires).toString('base64url'),
      })
      return {
        url: `${origin ?? ''}/files/${grant.fileId}?${query.toString()}`,
        expires_at: new Date(expires * 1000).toISOString(),
      }
    },

    /** Whether this is what `sign` made, not changed and not expired. */
    isGood(grant: Grant, expires: number, signature: string): boolean {
      const given = Buffer.from(signature, 'base64url')
      const right = signatureOf(grant, expires)
      const same =
        given.length === right.length &&
        given.toString('base64url') === signature &&
        timingSafeEqual(given, right)
      return same && expires * 1000 > clock.now()
    },
  }
}

export type Signer = ReturnType<typeof createSigner>
