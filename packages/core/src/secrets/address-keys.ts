import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** What addresses are signed by that let somebody fetch something for some minutes. */
export interface AddressKey {
  key: Buffer
  /** When no address by it can be good any more, in milliseconds since 1970. */
  until: number
}

/** The first one signs; the others are from before, and good for a while yet. */
export type AddressKeys = readonly [AddressKey, ...AddressKey[]]

const derived = (key: Buffer, name: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', name, 32))

/** Made from the master key and not leading back to it (RFC 5869), so that it may stay when that one goes. */
export const addressKeyOf = (masterKey: Buffer): Buffer => derived(masterKey, 'parley addresses')

/** Signs the addresses of one purpose with HMAC-SHA256. */
export function addressSigner([present, ...former]: AddressKeys, purpose: string) {
  const of = ({ key, until }: AddressKey) => ({ key: derived(key, purpose), until })
  const [first, others] = [of(present), former.map(of)]
  const signatureBy = (key: Buffer, text: string): Buffer =>
    createHmac('sha256', key).update(text).digest()
  return {
    sign: (text: string): string => signatureBy(first.key, text).toString('base64url'),

    /** Whether one of the keys that count at this time has signed the text. */
    isGood(text: string, signature: string, now: number): boolean {
      const given = Buffer.from(signature, 'base64url')
      if (given.toString('base64url') !== signature) return false
      return [first, ...others].some(({ key, until }) => {
        const right = signatureBy(key, text)
        return now < until && given.length === right.length && timingSafeEqual(given, right)
      })
    },
  }
}
