import { createHash, randomBytes } from 'node:crypto'
import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/** The address that a setup link leads to; what stands behind the # is sent to no server. */
export const setupLink = (address: string, token: string): string =>
  `${address}/setup#token=${token}`

/** A secret by which whoever is signed in becomes an administrator: good once, within an hour. */
export async function newSetupToken(db: Db): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await db.run(sql`delete from setup_tokens where expires_at <= now()`)
  await db.run(sql`insert into setup_tokens (hash) values (${hashOf(token)})`)
  return token
}

/**
 * Uses a secret up. False where it counts no longer. Of several at the same moment one comes first, and
 * may make the others worthless.
 */
export async function takeSetupToken(db: Db, token: string): Promise<boolean> {
  await db.run(sql<{ locked: string | null }>`
    select pg_advisory_xact_lock(hashtextextended('parley administrators', 0))::text as locked`)
  const taken = await db.run(sql`
    delete from setup_tokens where hash = ${hashOf(token)} and expires_at > now()`)
  return taken === 1
}

/** Whether a link waits for somebody. */
export const setupWaits = async (db: Db): Promise<boolean> =>
  (
    await db.one(sql<{ waits: boolean }>`
      select coalesce(exists (
        select from setup_tokens where expires_at > now()), false) as waits`)
  ).waits
