import { type Statement, sql } from '@parley/core/db/sql'

/** Partitions of the log are made for so many days ahead. */
const daysAhead = 3
/** Messages of deleted chats that go in one step; a step is one short transaction. */
const purgeStep = 500

/**
 * Whoever holds the lock does the work; the other servers leave it out. The locks on the log itself
 * are waited for only shortly: behind one that waits, every send would wait too.
 */
export const beginAlone = (): Statement<{ mine: boolean | null; lock_timeout: string | null }> =>
  sql<{ mine: boolean | null; lock_timeout: string | null }>`
  select pg_try_advisory_xact_lock(hashtext('parley maintenance')) as mine,
    set_config('lock_timeout', '200ms', true)::text as lock_timeout`

export const makePartitions = (): Statement<{ name: string | null }> =>
  sql<{
    name: string | null
  }>`select make_event_partitions(${daysAhead})::text as name`

/** Those whose whole day is older than so many days. */
export const dropPartitions = (days: number): Statement<{ name: string | null }> =>
  sql<{
    name: string | null
  }>`select drop_event_partitions(${days})::text as name`

export const purge = (): Statement<{ purged: number | null }> =>
  sql<{
    purged: number | null
  }>`select purge_deleted_chats(${purgeStep})::integer as purged`

/** A ticket is good for seconds. */
export const dropTickets = (): Statement<{ dropped: string | null }> =>
  sql<{ dropped: string | null }>`select drop_tickets()::text as dropped`
