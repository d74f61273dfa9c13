import type { Clock } from '@parley/core/clock'
import { type Metrics, numbers, seconds } from '@parley/core/metrics/metrics'
import type { LogRow } from './log-row.ts'
import type { Listener } from './rounds.ts'

export interface TailWatch {
  /** The listener, with a clock beside it. */
  listener: Listener
  /** Times one round. `rangAt` is when the bell rang for it, by `performance.now()`. */
  round(run: () => Promise<void>, rangAt: number | undefined): Promise<void>
  lostConnection(): void
}

/** What the tail knows of itself. */
interface Tailing {
  /** How old what was delivered is, in milliseconds. */
  age(): number
  following(): boolean
  clock: Clock
}

/** How far behind the log the streams are. One look at the clock per page and round, none per stream. */
export function watchTail(
  metrics: Metrics,
  inner: Listener,
  { age, following, clock }: Tailing,
): TailWatch {
  const tookSeconds = metrics.histogram(
    'parley_tail_round_seconds',
    'From the statement of a round to the last write.',
    seconds,
  )
  const broughtRows = metrics.histogram(
    'parley_tail_round_rows',
    'Rows of the log that a round brought.',
    numbers,
  )
  const bellToStream = metrics.histogram(
    'parley_bell_to_stream_seconds',
    'From the first ring for a round to the last write of what it brought.',
    seconds,
  )
  const logToStream = metrics.histogram(
    'parley_log_to_stream_seconds',
    'From the oldest row of a page to the last write of the page, by the clock of the database.',
    seconds,
  )
  const lostConnection = metrics.counter(
    'parley_tail_reconnects_total',
    'How often the tail had to connect anew.',
  )
  let rows = 0
  let newestAt = 0
  metrics.gauge(
    'parley_tail_lag_seconds',
    'Since the moment whose log the streams have in full.',
    () => age() / 1000,
  )
  metrics.gauge('parley_tail_following', 'Whether the tail follows the log: 1 or 0.', () =>
    following() ? 1 : 0,
  )
  metrics.gauge(
    'parley_tail_newest_row_timestamp_seconds',
    'When the newest row was written that was delivered, in seconds since 1970; 0 for none.',
    () => newestAt / 1000,
  )

  return {
    listener: {
      began: (epoch, snapshot) => inner.began(epoch, snapshot),
      completed: (snapshot) => inner.completed(snapshot),
      lost: (reason) => inner.lost(reason),
      async deliver(page) {
        await inner.deliver(page)
        rows += page.rows.length
        newestAt = writtenAt(page.rows.at(-1))
        logToStream(Math.max(0, clock.now() - writtenAt(page.rows[0])) / 1000)
      },
    },
    async round(run, rangAt) {
      rows = 0
      const began = performance.now()
      await run()
      const now = performance.now()
      tookSeconds((now - began) / 1000)
      broughtRows(rows)
      if (rows > 0 && rangAt !== undefined) bellToStream((now - rangAt) / 1000)
    },
    lostConnection,
  }
}

const writtenAt = (row: LogRow | undefined): number => (row ? Date.parse(row.at) : Number.NaN)
