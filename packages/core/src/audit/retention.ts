import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'

/**
 * Drops entries of the audit log that are older than so many days (30 at least), thousands at most, and
 * returns how many. It refuses to drop what is not as it was written.
 */
export const pruneAudit = async (db: Db, days: number): Promise<number> =>
  (
    await db.one(sql<{ dropped: number }>`
      select coalesce(prune_audit(${days})::bigint, 0) as dropped`)
  ).dropped
