import { chainOf } from '@parley/core/audit/chain'
import type { Pool } from '@parley/core/db/pool'
import type { Logger } from '@parley/core/log'
import { repeat } from '../repeat.ts'

const everyMs = 24 * 3_600_000

/**
 * Writes to the log, at the start and once a day, how far the audit log has come: whoever rewrites the
 * chain in the database would have to rewrite the logs as well, which are kept elsewhere.
 */
export function startAnchoring({ pool, log }: { pool: Pool; log: Logger }): () => Promise<void> {
  return repeat({ log, everyMs, failed: 'the audit log cannot be read' }, async () => {
    const { position, hash } = await chainOf(pool)
    if (position !== null) log.info({ position, hash }, 'the audit log has come this far')
  })
}
