import { type CryptoKey, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/connection.ts'
import { hasOurForm } from './form.ts'
import { type Audience, tokenLifetime, tokenType } from './issue.ts'
import { publicKeys } from './keys.ts'
import type { Principal } from './principal.ts'

/** Longer than any token of ours. */
const longestToken = 1024
/** How far two servers may be apart in what they know of the database's clock, in seconds. */
const clockTolerance = 30
/** An unknown kid makes the keys be read again, at most this often, in milliseconds. */
const keysAtMostEvery = 10_000

export interface Verifier {
  /** Whom the token speaks for, or undefined when it is not valid now. Throws without a database. */
  verify(token: string): Promise<Principal | undefined>
}

/**
 * Checks access tokens with the public keys in the database. A signature costs three times the rest
 * of a request, so verified tokens are remembered by their whole text; expiry is checked on each use.
 */
export function createVerifier(db: Db, clock: Clock, issuer: string, audience: Audience): Verifier {
  const verified = new LRUCache<string, Principal>({ max: 50_000 })
  let keys = new Map<string, CryptoKey>()
  let readAt = -Infinity
  let reading: Promise<void> | undefined

  /** All who ask meanwhile wait for the same answer; a failed attempt does not count. */
  async function readKeys(): Promise<void> {
    if (performance.now() - readAt > keysAtMostEvery) {
      readAt = performance.now()
      reading = publicKeys(db).then(
        (read) => void (keys = read),
        (error: unknown) => {
          readAt = -Infinity
          throw error
        },
      )
    }
    await reading
  }

  /** `failed` is told when the keys could not be read, which says nothing about the token. */
  async function check(token: string, failed: (error: Error) => void): Promise<Principal> {
    const keyFor = async ({ kid = '' }): Promise<CryptoKey> => {
      if (!keys.has(kid)) await readKeys().catch(failed)
      const key = keys.get(kid)
      if (key === undefined) throw new Error('unknown kid')
      return key
    }
    if (!hasOurForm(token)) throw new Error('not a token of ours')
    const { payload } = await jwtVerify(token, keyFor, {
      algorithms: ['EdDSA'],
      typ: tokenType,
      issuer,
      audience,
      clockTolerance,
      currentDate: new Date(clock.now()),
      // Also that it was not issued in the future, which would make it live longer.
      maxTokenAge: tokenLifetime,
    })
    return {
      userId: idOf(payload.sub),
      sessionId: idOf(payload['sid']),
      expiresAt: payload.exp ?? 0,
    }
  }

  return {
    async verify(token) {
      const known = verified.get(token)
      if (known) return clock.now() / 1000 < known.expiresAt + clockTolerance ? known : undefined
      if (token.length > longestToken) return undefined
      let failure: Error | undefined
      try {
        const principal = await check(token, (error) => (failure = error))
        verified.set(token, principal)
        return principal
      } catch {
        if (failure !== undefined) throw failure
        return undefined
      }
    },
  }
}

function idOf(claim: unknown): number {
  if (typeof claim !== 'string' || !/^[1-9][0-9]{0,15}$/.test(claim)) throw new Error('not an id')
  return Number(claim)
}
