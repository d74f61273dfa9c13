import type { Db } from './db/connection.ts'
import { sql } from './db/sql.ts'

/** What time it is, in milliseconds since 1970. */
export interface Clock {
  now(): number
}

/** The clock of the database, followed by a process that asks it now and then. */
export interface DatabaseClock extends Clock {
  /**
   * The database said what time it was, in answer to a statement sent at `sentAt`, by
   * `performance.now()`.
   */
  told(ms: number, sentAt: number): void
}

/** An answer that took longer says too little: the process may have stood still meanwhile. */
const longestTrip = 1000

/**
 * One clock for all servers: whoever checks a token goes by the same one as whoever issued it, also
 * where a machine's own is hours off or is set while it runs. Between two answers the time runs on
 * by the monotonic clock, which nobody can set.
 */
export function createClock(): DatabaseClock {
  let offset: number | undefined
  return {
    now: () => (offset === undefined ? Date.now() : performance.now() + offset),
    told(ms, sentAt) {
      const trip = performance.now() - sentAt
      if (offset === undefined || trip < longestTrip) offset = ms - sentAt - trip / 2
    },
  }
}

export async function readClock(db: Db): Promise<DatabaseClock> {
  const clock = createClock()
  const sentAt = performance.now()
  const { now_ms } = await db.one(sql<{ now_ms: number }>`
    select coalesce((extract(epoch from clock_timestamp()) * 1000)::double precision, 0) as now_ms`)
  clock.told(now_ms, sentAt)
  return clock
}

/** That of the machine, for tests and programs that follow no database. */
export const machineClock: Clock = { now: () => Date.now() }
