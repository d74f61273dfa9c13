import { createHmac, hkdfSync } from 'node:crypto'
import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'

/**
 * What two addresses have in common that the database could take for one. More than those may be one
 * here; all that costs is that they are counted together.
 */
const folded = (email: string): string =>
  email.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase()

/** Makes the keys of the failures: of an account by its address, or of one device that it is known on. */
export function failureKeys(masterKey: Buffer): (email: string, device?: string) => Buffer {
  const secret = Buffer.from(hkdfSync('sha256', masterKey, '', 'parley sign-in failures', 32))
  return (email, device) =>
    createHmac('sha256', secret)
      .update(JSON.stringify([folded(email), device ?? null]))
      .digest()
}

/** Failures in a row that cost nothing but themselves; each one more makes the next wait twice as long. */
const free = 5
const longestWait = 60
/** So many in a row, and only a device on which the account is known may try on. */
const mostFailures = 100

/** How long to come back later where only somebody else can help, in seconds. */
const later = 3600

/**
 * Counts a try as failed before anybody knows, so that tries at the same moment are no cheaper than one
 * after the other. Returns in how many seconds to come back where it must not be made, else undefined.
 */
export async function beginTry(db: Db, key: Buffer): Promise<number | undefined> {
  const begun = await db.run(sql`
    insert into sign_in_failures as f (key, failures) values (${key}, 1)
    on conflict (key) do update set failures = f.failures + 1, last_at = now(),
      next_at = now() + make_interval(secs =>
        case when f.failures + 1 < ${free} then 0
          else least(${longestWait}, 2 ^ least(f.failures + 1 - ${free}, 16)) end)
    where f.next_at <= now() and f.failures < ${mostFailures}`)
  if (begun > 0) return undefined
  const row = await db.maybe(sql<{ failures: number; seconds: number }>`
    select failures, coalesce(extract(epoch from next_at - now())::double precision, 0) as seconds
    from sign_in_failures where key = ${key}`)
  if (row === undefined) return 1
  return row.failures >= mostFailures ? later : Math.max(1, Math.ceil(row.seconds))
}

/** A try that was not made after all. */
export const undoTry = (db: Db, key: Buffer) =>
  db.run(sql`
    update sign_in_failures set failures = greatest(failures - 1, 0), next_at = now()
    where key = ${key}`)

export const forgetFailures = (db: Db, keys: readonly Buffer[]) =>
  db.run(sql`delete from sign_in_failures where key = any (${keys}::bytea[])`)

/**
 * Forgets what nobody added to for a month. Sooner, and whoever has time could try a hundred passwords
 * again and again.
 */
export const forgetOld = (db: Db) =>
  db.run(sql`delete from sign_in_failures where last_at < now() - interval '30 days'`)
