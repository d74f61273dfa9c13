import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'

export interface Unseen {
  id: number
  storage_key: string
  mime: string
  /** How often it was tried, this time included. */
  looks: number
}

/** The file that waits for longest, taken for two minutes: longer than a look may take. */
export const take = (db: Db) =>
  db.maybe(sql<Unseen>`
    with taken as (
      update files f set looks = f.looks + 1, look_after = clock_timestamp() + interval '2 minutes'
      where f.id = (
        select id from files
        where looked_at is null and state <> 'pending' and look_after <= clock_timestamp()
        order by look_after, id limit 1 for update skip locked)
      returning f.id, f.storage_key, f.mime, f.looks
    )
    select id, coalesce(storage_key::text, '') as storage_key, mime, looks from taken`)

/** Those of these files that are still to be looked into. */
export const unseen = async (db: Db, ids: readonly number[]): Promise<number[]> =>
  (
    await db.rows(sql<{ id: number }>`
      select id from files
      where id = any (${[...ids]}::bigint[]) and looked_at is null and look_after < 'infinity'`)
  ).map(({ id }) => id)

/** It need not be looked into again. */
export const setLooked = (db: Db, fileId: number) =>
  db.run(sql`update files set looked_at = clock_timestamp() where id = ${fileId}`)
