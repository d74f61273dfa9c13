import type { WriterWatch } from '@parley/core/db/grouped-writer'
import type { Pool } from '@parley/core/db/pool'
import { watchPool } from '@parley/core/db/watch-pool'
import { type Metrics, numbers, seconds } from '@parley/core/metrics/metrics'
import type { PasswordPool } from '@parley/core/passwords/pool'
import type { Presence } from '@parley/core/presence/presence'
import { type LimitName, limitNames } from '@parley/core/throttle/limits'
import type { Revocations } from '@parley/core/tokens/revocations'

const writers = ['messages', 'read_markers'] as const
export type Writer = (typeof writers)[number]

/** What the grouped writers are told to count with. */
export function watchWriters(metrics: Metrics): (writer: Writer) => WriterWatch {
  const items = metrics.histograms(
    'parley_writer_items',
    'Items that one statement of a grouped writer takes.',
    numbers,
    'writer',
    writers,
  )
  const waited = metrics.histograms(
    'parley_writer_wait_seconds',
    'How long the first item of such a statement waited for it.',
    seconds,
    'writer',
    writers,
  )
  const locked: Record<Writer, number> = { messages: 0, read_markers: 0 }
  metrics.gauges(
    'parley_writer_locked_keys',
    'Chats, or readers, that another transaction keeps locked.',
    'writer',
    () => locked,
  )
  return (writer) => ({
    statement(count, waitedMs) {
      items(writer, count)
      waited(writer, waitedMs / 1000)
    },
    locked: (keys) => void (locked[writer] = keys),
  })
}

/** What is told of each request that was refused for being one too many. */
export const watchLimits = (metrics: Metrics): ((limit: LimitName) => void) =>
  metrics.counters(
    'parley_rate_limited_total',
    'Requests that were refused, by the limit that they met.',
    'limit',
    limitNames,
  )

export interface Watched {
  pool: Pool
  passwords: PasswordPool
  revocations: Revocations
  presence: Pick<Presence, 'connected'>
}

/** What is looked up when somebody asks. */
export function watchServer(metrics: Metrics, watched: Watched): void {
  const { pool, passwords, revocations, presence } = watched
  watchPool(metrics, pool)
  metrics.gauge(
    'parley_ephemeral_connected',
    'Whether typing and presence reach the other servers: 1 or 0.',
    () => (presence.connected() ? 1 : 0),
  )
  metrics.gauge(
    'parley_passwords_waiting',
    'Passwords that wait to be hashed or checked.',
    passwords.waiting,
  )
  metrics.gauge(
    'parley_revocations_age_seconds',
    'Since the revoked sessions were last read.',
    () => revocations.age() / 1000,
  )
}
