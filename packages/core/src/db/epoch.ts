import { type Statement, sql } from './sql.ts'

/**
 * Starts a new epoch of the log where this database is not the one that the present epoch was made
 * for: a promoted replica, a restored backup. Cursors from before lead to a new bootstrap then.
 */
export const keepEpoch = (): Statement<{ epoch: string | null }> =>
  sql<{ epoch: string | null }>`select keep_epoch()::text as epoch`

/** Starts a new epoch in any case. */
export const startEpoch = (): Statement<{ epoch: string | null }> =>
  sql<{ epoch: string | null }>`select start_epoch()::text as epoch`
