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

/** The first position whose entry is not as it was written, or follows none; null where all is well. */
export const brokenAt = async (db: Db): Promise<number | null> =>
  (await db.one(sql<{ broken: number | null }>`select verify_audit()::bigint as broken`)).broken
