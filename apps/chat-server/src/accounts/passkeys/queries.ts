import type { Passkey } from '@parley/contract'
import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'

/** What a browser is told of a key that it may use, or must not make again. */
export interface KnownKey {
  credential_id: Buffer
  transports: string[]
}

export interface NewKey extends KnownKey {
  public_key: Buffer
  counter: number
  backup_eligible: boolean
  backed_up: boolean
}

export interface KeptKey {
  id: number
  user_id: number
  public_key: Buffer
}

/** Of one person; it makes lists long, not keys. */
export const mostPasskeys = 20

export const passkeysOf = (db: Db, userId: number): Promise<Passkey[]> =>
  db.rows(sql<Passkey>`
    select id, name, backed_up as synced, created_at, last_used_at from passkeys
    where user_id = ${userId} order by id`)

export const knownKeys = (db: Db, userId: number): Promise<KnownKey[]> =>
  db.rows(sql<KnownKey>`
    select credential_id, transports from passkeys where user_id = ${userId} order by id`)

export const findKey = (db: Db, credentialId: Buffer): Promise<KeptKey | undefined> =>
  db.maybe(sql<KeptKey>`
    select id, user_id, public_key from passkeys where credential_id = ${credentialId}`)

/** Keeps a key. Undefined where somebody has it already; `too many` where its person has enough. */
export async function keepKey(
  db: Db,
  userId: number,
  name: string,
  key: NewKey,
): Promise<Passkey | 'too many' | undefined> {
  // Those who add one at the same moment count each other's.
  await db.run(sql<{ id: number }>`select id from users where id = ${userId} for no key update`)
  const { count } = await db.one(sql<{ count: number }>`
    select coalesce(count(*), 0) as count from passkeys where user_id = ${userId}`)
  if (count >= mostPasskeys) return 'too many'
  return db.maybe(sql<Passkey>`
    insert into passkeys (user_id, credential_id, public_key, counter, transports, name,
      backup_eligible, backed_up)
    values (${userId}, ${key.credential_id}, ${key.public_key}, ${key.counter}, ${key.transports},
      ${name}, ${key.backup_eligible}, ${key.backed_up})
    on conflict (credential_id) do nothing
    returning id, name, backed_up as synced, created_at, last_used_at`)
}

/**
 * Notes a use. False where the counter of the key's device did not go on, which shows that somebody has
 * a copy of it (WebAuthn 3, 7.2, step 22); devices that do not count say 0 for ever.
 */
export const noteUse = async (
  db: Db,
  id: number,
  { counter, backedUp }: { counter: number; backedUp: boolean },
): Promise<boolean> =>
  (await db.run(sql`
    update passkeys set counter = ${counter}, backed_up = ${backedUp}, last_used_at = now()
    where id = ${id} and (counter < ${counter} or (counter = 0 and ${counter}::bigint = 0))`)) === 1

export const renameKey = (db: Db, userId: number, id: number, name: string) =>
  db.maybe(sql<Passkey>`
    update passkeys set name = ${name} where id = ${id} and user_id = ${userId}
    returning id, name, backed_up as synced, created_at, last_used_at`)

export const removeKey = (db: Db, userId: number, id: number): Promise<number> =>
  db.run(sql`delete from passkeys where id = ${id} and user_id = ${userId}`)
