import { type CryptoKey, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import type { Clock } from '../clock.ts'
import { kidOf } from './form.ts'
import { type Audience, clockTolerance, setupAudience, tokenLifetime, tokenType } from './issue.ts'
import type { KeySet } from './key-set.ts'
import type { Principal } from './principal.ts'

/** Longer than any token of ours. */
const longestToken = 1024

export interface Verifier {
  /** Whom the token speaks for, or undefined when it is not valid now. Throws without a database. */
  verify(token: string): Promise<Principal | undefined>
}

/**
 * Checks access tokens with the keys that count. A signature costs three times the rest of a request,
 * so verified tokens are remembered by their whole text; expiry and the key are checked on each use.
 */
export function createVerifier(
  keys: Pick<KeySet, 'find'>,
  clock: Clock,
  issuer: string,
  audience: Audience,
): Verifier {
  const verified = new LRUCache<string, Principal>({ max: 50_000 })

  async function check(token: string, kid: string, key: CryptoKey): Promise<Principal> {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['EdDSA'],
      typ: tokenType,
      issuer,
      audience: audience === 'api' ? [audience, setupAudience] : audience,
      clockTolerance,
      currentDate: new Date(clock.now()),
      // Also that it was not issued in the future, which would make it live longer.
      maxTokenAge: tokenLifetime,
    })
    return {
      userId: idOf(payload.sub),
      sessionId: idOf(payload['sid']),
      kid,
      secondFactorDue: ![payload.aud].flat().includes(audience),
      expiresAt: payload.exp ?? 0,
    }
  }

  return {
    async verify(token) {
      const known = verified.get(token)
      if (!known && token.length > longestToken) return undefined
      const kid = known ? known.kid : kidOf(token)
      const key = kid === undefined ? undefined : await keys.find(kid)
      if (kid === undefined || key === undefined) return undefined
      if (known) return clock.now() / 1000 < known.expiresAt + clockTolerance ? known : undefined
      try {
        const principal = await check(token, kid, key)
        verified.set(token, principal)
        return principal
      } catch {
        return undefined
      }
    },
  }
}

function idOf(claim: unknown): number {
  if (typeof claim !== 'string' || !/^[1-9][0-9]{0,15}$/.test(claim)) throw new Error('not an id')
  return Number(claim)
}
