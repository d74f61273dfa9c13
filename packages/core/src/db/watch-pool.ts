import type { Metrics } from '../metrics/metrics.ts'
import type { Pool } from './pool.ts'

/** How much of its database connections a server uses. */
export function watchPool(metrics: Metrics, pool: Pool): void {
  metrics.gauges(
    'parley_pool_connections',
    'Database connections by what they do.',
    'state',
    () => {
      const { inUse, idle } = pool.load()
      return { in_use: inUse, idle }
    },
  )
  metrics.gauge(
    'parley_pool_waiting',
    'Statements and transactions that wait for a connection.',
    () => pool.load().waiting,
  )
}
