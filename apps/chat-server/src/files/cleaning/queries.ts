import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'
import { keptHours } from '../queries.ts'

/** Rows that go in one step; a step is one short transaction. */
const step = 200

/** Whoever holds the lock does the work; the other servers leave it out. */
export const beginAlone = async (db: Db): Promise<boolean> =>
  (
    await db.one(sql<{ mine: boolean | null }>`
      select pg_try_advisory_xact_lock(hashtext('parley files')) as mine`)
  ).mine === true

/** Removes files that hung on nothing for a day, by what time it is; how many. */
export const dropUnattached = (db: Db, now: Date) =>
  db.run(sql`
    delete from files where id in (
      select id from files
      where state in ('pending', 'stored')
        and created_at < ${now}::timestamptz - ${keptHours} * interval '1 hour'
      order by created_at limit ${step} for update skip locked)`)

/** Forgets how uploads came that were sent long since. */
export const dropUploads = (db: Db, now: Date) =>
  db.run(sql`
    delete from file_uploads where created_at < ${now}::timestamptz - ${keptHours} * interval '1 hour'`)

export interface Garbage {
  key: string
  attempts: number
}

/** Keys of what is gone, those that wait for longest first. */
export const findGarbage = (db: Db, now: Date) =>
  db.rows(sql<Garbage>`
    select key, attempts from file_garbage where queued_at <= ${now}::timestamptz
    order by queued_at, key limit ${step}`)

export const dropGarbage = (db: Db, keys: readonly string[]) =>
  db.run(sql`delete from file_garbage where key = any (${[...keys]}::text[])`)

/** Tries again later: after a minute, then two, four, and so on up to an hour. */
export const postpone = (db: Db, { key, attempts }: Garbage, now: Date) =>
  db.run(sql`
    update file_garbage set attempts = attempts + 1,
      queued_at = ${now}::timestamptz + ${Math.min(60, 2 ** Math.min(attempts, 6))} * interval '1 minute'
    where key = ${key}`)

/** Those of these keys whose upload is under way. */
export const findPending = async (db: Db, keys: readonly string[]): Promise<Set<string>> => {
  const rows = await db.rows(sql<{ key: string }>`
    select storage_key::text as key from files
    where storage_key = any (${[...keys]}::uuid[]) and state = 'pending'`)
  return new Set(rows.map(({ key }) => key))
}
