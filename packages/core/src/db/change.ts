import type { Db } from './connection.ts'
import type { Pool } from './pool.ts'
import { sql } from './sql.ts'

/** One transaction on somebody's behalf: the events that it causes name them as their actor. */
export const changeAs = <T>(pool: Pool, userId: number, work: (db: Db) => Promise<T>): Promise<T> =>
  pool.transaction(async (db) => {
    await db.run(
      sql<{
        actor: string | null
      }>`select set_config('parley.actor', ${String(userId)}, true)::text as actor`,
    )
    return work(db)
  })
