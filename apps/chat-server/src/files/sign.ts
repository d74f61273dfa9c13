import type { Clock } from '@parley/core/clock'
import { type AddressKeys, addressSigner } from '@parley/core/secrets/address-keys'

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

/** Signs addresses of files. */
export function createSigner(keys: AddressKeys, clock: Clock, origin: string | undefined) {
  const signer = addressSigner(keys, 'parley file addresses')

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
        s: signer.sign(text(grant, expires)),
      })
      return {
        url: `${origin ?? ''}/files/${grant.fileId}?${query.toString()}`,
        expires_at: new Date(expires * 1000).toISOString(),
      }
    },

    /** Whether this is what `sign` made, not changed and not expired. */
    isGood(grant: Grant, expires: number, signature: string): boolean {
      const now = clock.now()
      return signer.isGood(text(grant, expires), signature, now) && expires * 1000 > now
    },
  }
}

export type Signer = ReturnType<typeof createSigner>
