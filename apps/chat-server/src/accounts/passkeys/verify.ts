import type { MadePasskey, PasskeyProof } from '@parley/contract'
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server'
import { decodeAttestationObject, decodeClientDataJSON } from '@simplewebauthn/server/helpers'
import type { KeptKey, NewKey } from './queries.ts'
import type { RelyingParty } from './relying-party.ts'

/** EdDSA, ES256 and RS256 of the registry of COSE, the one that is liked best first. */
export const algorithms = [-8, -7, -257]

/** What a browser says that was signed; undefined where it says nothing that can be read. */
export function challengeIn({ response }: MadePasskey | PasskeyProof): string | undefined {
  try {
    const { challenge }: { challenge: unknown } = decodeClientDataJSON(response.clientDataJSON)
    return typeof challenge === 'string' ? challenge : undefined
  } catch {
    return undefined
  }
}

/**
 * What certificates say of a device is not asked for, and not taken either: to check one, addresses in
 * it would be called by this server.
 */
function hasCertificates(attestationObject: string): boolean {
  const attestation = decodeAttestationObject(Buffer.from(attestationObject, 'base64url'))
  const format = attestation.get('fmt')
  if (format === 'packed') return attestation.get('attStmt').get('x5c') !== undefined
  return format !== 'none'
}

/** The key that a browser has made, where everything about it is right. */
export async function verifiedKey(
  party: RelyingParty,
  { id, rawId, response }: MadePasskey,
  challenge: string,
): Promise<NewKey | undefined> {
  const { clientDataJSON, attestationObject, transports = [] } = response
  try {
    if (hasCertificates(attestationObject)) return undefined
    const { verified, registrationInfo: info } = await verifyRegistrationResponse({
      response: {
        id,
        rawId,
        type: 'public-key',
        response: { clientDataJSON, attestationObject },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      supportedAlgorithmIDs: algorithms,
      requireUserVerification: true,
    })
    if (!verified || !info) return undefined
    return {
      credential_id: Buffer.from(info.credential.id, 'base64url'),
      public_key: Buffer.from(info.credential.publicKey),
      counter: info.credential.counter,
      transports,
      backup_eligible: info.credentialDeviceType === 'multiDevice',
      backed_up: info.credentialBackedUp,
    }
  } catch {
    // The library throws a plain error for whatever does not fit, also for bytes that are no CBOR.
    return undefined
  }
}

/** Whether the key has signed what was asked, for these pages; and what its device tells of itself. */
export async function verifiedProof(
  party: RelyingParty,
  { id, rawId, response }: PasskeyProof,
  asked: { challenge: string; key: KeptKey; verifiesUser: boolean },
): Promise<{ counter: number; backedUp: boolean } | undefined> {
  const { clientDataJSON, authenticatorData, signature } = response
  try {
    const { verified, authenticationInfo: info } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId,
        type: 'public-key',
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: asked.challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: asked.verifiesUser,
      // Of two who come with the same counter one is refused: the row decides, see noteUse.
      credential: { id, publicKey: new Uint8Array(asked.key.public_key), counter: 0 },
    })
    return verified ? { counter: info.newCounter, backedUp: info.credentialBackedUp } : undefined
  } catch {
    return undefined
  }
}
