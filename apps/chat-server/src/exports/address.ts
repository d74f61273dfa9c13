import type { Clock } from '@parley/core/clock'
import { type AddressKeys, addressSigner } from '@parley/core/secrets/address-keys'

/** Whose everything, and the session that may have it. */
export interface Holder {
  userId: number
  sessionId: number
}

/** A download begins within so many seconds; each look at the state gives another address. */
const goodForSeconds = 300

const text = ({ userId, sessionId }: Holder, expires: number): string =>
  JSON.stringify([userId, sessionId, expires])

/** Signs addresses of exports. */
export function createAddresses(keys: AddressKeys, clock: Clock) {
  const signer = addressSigner(keys, 'parley export addresses')

  return {
    sign(holder: Holder): string {
      const expires = Math.floor(clock.now() / 1000) + goodForSeconds
      const query = new URLSearchParams({
        e: String(expires),
        i: String(holder.sessionId),
        s: signer.sign(text(holder, expires)),
      })
      return `/exports/${holder.userId}?${query.toString()}`
    },

    /** Whether this is what `sign` made, not changed and not expired. */
    isGood(holder: Holder, expires: number, signature: string): boolean {
      const now = clock.now()
      return signer.isGood(text(holder, expires), signature, now) && expires * 1000 > now
    },
  }
}
