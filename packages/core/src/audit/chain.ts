import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'

export interface Chain {
  /** Entries that there are. */
  entries: number
  /** The newest of them, and its hash in hexadecimal; null where there is none. */
  position: number | null
  hash: string | null
}

/** How far the audit log has come. Kept elsewhere, it shows later whether the end was cut off. */
export const chainOf = (db: Db): Promise<Chain> =>
  db.one(sql<Chain>`
    select coalesce(m.last - m.first + 1, 0) as entries, m.last as position,
      (select encode(a.hash, 'hex') from audit_log a where a.position = m.last)::text as hash
    from (select min(position) as first, max(position) as last from audit_log) m`)

/** What the retention dropped before the entry that is the first now. */
export interface Cut {
  /** The first entry that there is. */
  first: number
  /** When the last of those before it were dropped. */
  at: string
}

/** Where the log begins, unless with its very first entry. */
export const cutOf = async (db: Db): Promise<Cut | undefined> =>
  (
    await db.rows(sql<Cut>`
      select coalesce(a.position, 0) as first, cut.at
      from audit_log a
      join audit_log cut on cut.position = audit_cut(coalesce(a.position, 0), a.prev_hash)::bigint
      where a.position = (select min(position) from audit_log)`)
  )[0]

/**
 * The first position whose entry is not as it was written, follows none, or is missing at the end; null
 * where all is well. What the retention dropped is not missing.
 */
export const brokenAt = async (db: Db): Promise<number | null> =>
  (await db.one(sql<{ broken: number | null }>`select verify_audit()::bigint as broken`)).broken
