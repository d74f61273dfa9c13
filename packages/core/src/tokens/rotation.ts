import type { Db } from '../db/connection.ts'
import type { Pool } from '../db/pool.ts'
import { sql } from '../db/sql.ts'
import { clockTolerance, tokenLifetime } from './issue.ts'
import { decrypt, makeKey } from './keys.ts'

/**
 * How long a key is published before it signs, in seconds. By schedule a day; by hand twice as long as
 * others keep the published keys; in haste longer than any server of ours goes without reading them,
 * which are four seconds (see `key-set.ts`).
 */
export const publishedFor = { bySchedule: 24 * 3600, byHand: 600, inHaste: 10 } as const

/**
 * How long the tokens of a retired key count, in seconds: until the last of them has ended, and somewhat
 * longer, because a server may have read its name and sign by it a moment later.
 */
const accepted = tokenLifetime + clockTolerance + 60

export type Rotated =
  | { did: 'rotate'; kid: string; retired: string }
  /** The next key has to be published for so many seconds more. */
  | { did: 'wait'; seconds: number }
  /** No server has made a key yet. */
  | { did: 'nothing' }

interface Keys {
  kid: string
  /** For how many seconds it has signed. */
  active_for: number
  next_kid: string | null
  /** For how many seconds it has been published. */
  published_for: number
}

/**
 * Runs `work` while nobody else changes the keys: of several servers that find a rotation due, one makes
 * it and the others find it made. Throws where the keys belong to another master key: a new one under
 * this master key would be of no use to the servers.
 */
const alone = <T>(
  pool: Pool,
  masterKey: Buffer,
  work: (db: Db, keys: Keys | undefined) => Promise<T>,
): Promise<T> =>
  pool.transaction(async (db) => {
    await db.one(sql<{ locked: string | null }>`
      select pg_advisory_xact_lock(hashtext('parley keys'))::text as locked`)
    const sealed = await db.rows(sql<{ private_enc: Buffer }>`
      select coalesce(private_enc, '') as private_enc from signing_keys where state <> 'retired'`)
    for (const { private_enc } of sealed) decrypt(private_enc, masterKey)
    return work(db, await readKeys(db))
  })

const readKeys = (db: Db) =>
  db.maybe(sql<Keys>`
    select a.kid, n.kid as next_kid,
      coalesce(extract(epoch from clock_timestamp() - a.active_since)::double precision, 0) as active_for,
      coalesce(greatest(extract(epoch from clock_timestamp() - n.created_at)::double precision, 0), 0)
        as published_for
    from signing_keys a left join signing_keys n on n.state = 'next' where a.state = 'active'`)

/** Makes the key that is to sign one day, and with that publishes it. */
async function publishNext(db: Db, masterKey: Buffer): Promise<void> {
  const { kid, publicJwk, privateEnc } = await makeKey(masterKey)
  await db.run(sql`
    insert into signing_keys (kid, public_jwk, private_enc, state, created_at)
    values (${kid}, ${publicJwk}::jsonb, ${privateEnc}, 'next', clock_timestamp())`)
}

/** Has the next key sign, if it was published for long enough, and publishes the one after it. */
async function turn(
  db: Db,
  masterKey: Buffer,
  { kid, next_kid, published_for }: Keys,
  atLeast: number,
): Promise<Rotated> {
  if (next_kid === null) {
    await publishNext(db, masterKey)
    return { did: 'wait', seconds: atLeast }
  }
  if (published_for < atLeast) return { did: 'wait', seconds: atLeast - published_for }
  await db.run(sql`
    update signing_keys set state = 'retired', private_enc = null, retired_at = clock_timestamp(),
      accepted_until = clock_timestamp() + make_interval(secs => ${accepted})
    where kid = ${kid}`)
  await db.run(sql`
    update signing_keys set state = 'active', active_since = clock_timestamp() where kid = ${next_kid}`)
  await publishNext(db, masterKey)
  return { did: 'rotate', kid: next_kid, retired: kid }
}

/** Rotates by hand. `atLeast` is how long the next key must have been published, in seconds. */
export const rotateKeys = (pool: Pool, masterKey: Buffer, atLeast: number): Promise<Rotated> =>
  alone(pool, masterKey, async (db, keys) =>
    keys ? turn(db, masterKey, keys, atLeast) : { did: 'nothing' },
  )

/**
 * What is due by schedule: a next key where there is none, and a rotation where the active key has signed
 * for so many days. Any number of servers may ask for it, at any time.
 */
export const keepKeys = (pool: Pool, masterKey: Buffer, days: number): Promise<Rotated> =>
  alone(pool, masterKey, async (db, keys) => {
    if (!keys) return { did: 'nothing' }
    const left = days * 24 * 3600 - keys.active_for
    if (keys.next_kid === null || left <= 0)
      return turn(db, masterKey, keys, publishedFor.bySchedule)
    return { did: 'wait', seconds: left }
  })

/**
 * Drops all keys there are, because somebody else may have them, and makes new ones; the kid of the one
 * that signs, or undefined where there was none. Tokens by the others, and tickets, count no more.
 */
export const dropKeys = (pool: Pool, masterKey: Buffer): Promise<string | undefined> =>
  alone(pool, masterKey, async (db, keys) => {
    if (!keys) return undefined
    await db.run(sql`
      update signing_keys set state = 'retired', private_enc = null,
        retired_at = coalesce(retired_at, clock_timestamp()), accepted_until = clock_timestamp()
      where state <> 'retired' or accepted_until > clock_timestamp()`)
    const { kid, publicJwk, privateEnc } = await makeKey(masterKey)
    await db.run(sql`
      insert into signing_keys (kid, public_jwk, private_enc, state, created_at, active_since)
      values (${kid}, ${publicJwk}::jsonb, ${privateEnc}, 'active', clock_timestamp(), clock_timestamp())`)
    await publishNext(db, masterKey)
    return kid
  })
