import type { KnownKey } from './queries.ts'
import type { RelyingParty } from './relying-party.ts'
import { algorithms } from './verify.ts'

/** As long as the challenge is good. */
const timeout = 120_000
const publicKey = 'public-key' as const

/** By what a device keeps a person apart from others; ids are no secret. In base64url. */
export const handleOf = (userId: number): string =>
  Buffer.from(String(userId)).toString('base64url')

const described = (keys: readonly KnownKey[]) =>
  keys.map(({ credential_id, transports }) => ({
    id: credential_id.toString('base64url'),
    type: publicKey,
    transports,
  }))

interface Making {
  challenge: string
  user: { id: number; username: string; email: string }
  /** Those there are already: no device makes a second one. */
  known: readonly KnownKey[]
}

/** For `navigator.credentials.create`: a key that is found without a name, by a device that asks who it is. */
export const creationOptions = (
  { id, name }: RelyingParty,
  { challenge, user, known }: Making,
) => ({
  rp: { id, name },
  user: { id: handleOf(user.id), name: user.email, displayName: user.username },
  challenge,
  pubKeyCredParams: algorithms.map((alg) => ({ type: publicKey, alg })),
  timeout,
  excludeCredentials: described(known),
  authenticatorSelection: {
    residentKey: 'required' as const,
    requireResidentKey: true,
    userVerification: 'required' as const,
  },
  attestation: 'none' as const,
})

/** For `navigator.credentials.get`: with one of these keys, or with any where there are none. */
export const requestOptions = (
  { id }: RelyingParty,
  challenge: string,
  keys: readonly KnownKey[],
  userVerification: 'required' | 'preferred',
) => ({ challenge, timeout, rpId: id, allowCredentials: described(keys), userVerification })
