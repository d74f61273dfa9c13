import type { CryptoKey } from 'jose'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { importKey } from './keys.ts'

/** How old the knowledge of the keys may become, in milliseconds, before the database is asked. */
const oldest = 4000
/** An unknown kid makes the keys be read again, at most this often, in milliseconds. */
const unknownAtMostEvery = 10_000

/** The public part of a key, and nothing else (RFC 8037). */
const PublicJwk = Type.Object({
  kty: Type.Literal('OKP'),
  crv: Type.Literal('Ed25519'),
  x: Type.String(),
})

/** A key as others are told of it (RFC 7517). */
export interface PublicKey {
  kty: 'OKP'
  crv: 'Ed25519'
  x: string
  kid: string
  use: 'sig'
  alg: 'EdDSA'
}

/** The keys whose tokens count: the one that signs, the one that will, and those that did until lately. */
export interface KeySet {
  /** The key of that name, where its tokens count now. Throws where that cannot be known. */
  find(kid: string): Promise<CryptoKey | undefined>
  /** Whether its tokens count, by what is known. */
  has(kid: string): boolean
  /** All of them, oldest first. Throws as `find` does. */
  published(): Promise<PublicKey[]>
  /** Reads them. */
  learn(db: Db): Promise<void>
}

interface Known {
  key: CryptoKey
  published: PublicKey
}

/**
 * Knows the keys as of the last time it learned them; whoever follows makes it learn. Where nobody has
 * for four seconds, it asks the database before it answers, so that a key that was dropped, or has had
 * its time, is never taken for good by a server that could not hear of it.
 */
export function createKeySet(db: Db): KeySet {
  let known: ReadonlyMap<string, Known> = new Map()
  let knownAt = -Infinity
  let askedAt = -Infinity
  let asking: Promise<void> | undefined

  async function learn(from: Db): Promise<void> {
    const startedAt = performance.now()
    const rows = await from.rows(readPublicKeys())
    const learned = new Map(await Promise.all(rows.map((row) => read(row, known))))
    // Of two answers under way the later question has the newer one.
    if (startedAt < knownAt) return
    known = learned
    knownAt = startedAt
  }

  /** All who ask meanwhile wait for the same answer. */
  async function ask(): Promise<void> {
    asking ??= learn(db).finally(() => (asking = undefined))
    await asking
  }

  /** Asks for what may be newer than the last answer; a failed attempt does not count. */
  async function askForUnknown(): Promise<void> {
    if (performance.now() - askedAt <= unknownAtMostEvery) return asking
    const before = askedAt
    askedAt = performance.now()
    return ask().catch((error: unknown) => {
      askedAt = before
      throw error
    })
  }

  const refresh = async (): Promise<void> => {
    if (performance.now() - knownAt > oldest) await ask()
  }

  return {
    async find(kid) {
      await refresh()
      if (!known.has(kid)) await askForUnknown()
      return known.get(kid)?.key
    },
    has: (kid) => known.has(kid),
    async published() {
      await refresh()
      return [...known.values()].map(({ published }) => published)
    },
    learn,
  }
}

interface Row {
  kid: string
  public_jwk: unknown
}

const readPublicKeys = () => sql<Row>`
  select coalesce(kid, '') as kid, public_jwk from public_keys order by created_at, kid`

async function read(row: Row, known: ReadonlyMap<string, Known>): Promise<[string, Known]> {
  const { kid, public_jwk: jwk } = row
  if (!Check(PublicJwk, jwk)) throw new Error('the public part of a signing key is none')
  const { kty, crv, x } = jwk
  const before = known.get(kid)
  if (before?.published.x === x) return [kid, before]
  const published: PublicKey = { kty, crv, x, kid, use: 'sig', alg: 'EdDSA' }
  return [kid, { key: await importKey({ kty, crv, x }), published }]
}
