import type { Db } from './connection.ts'
import type { Pool } from './pool.ts'
import { sql } from './sql.ts'

/** Who changes something, as far as that is known, and by which request: the audit log notes it. */
export interface Actor {
  userId?: number
  sessionId?: number
  /** The caller's address without its last part. */
  network: string
  requestId: string
}

/** One transaction on somebody's behalf: the events that it causes name them as their actor. */
export const changeAs = <T>(pool: Pool, by: Actor, work: (db: Db) => Promise<T>): Promise<T> =>
  pool.transaction(async (db) => {
    const { network, requestId: request_id, sessionId: session_id } = by
    const origin = JSON.stringify({ network, request_id, session_id })
    await db.run(
      sql<{ actor: string | null; origin: string | null }>`
        select set_config('parley.actor', ${String(by.userId ?? '')}, true)::text as actor,
          set_config('parley.origin', ${origin}, true)::text as origin`,
    )
    return work(db)
  })
