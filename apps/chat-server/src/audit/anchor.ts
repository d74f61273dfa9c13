import { chainOf } from '@parley/core/audit/chain'
import type { Pool } from '@parley/core/db/pool'
import type { Logger } from '@parley/core/log'

const dayMs = 24 * 3600 * 1000

/**
 * Writes to the log, at the start and once a day, how far the audit log has come: whoever rewrites the
 * chain in the database would have to rewrite the logs as well, which are kept elsewhere.
 */
export function startAnchoring({ pool, log }: { pool: Pool; log: Logger }): () => Promise<void> {
  const anchor = async () => {
    try {
      const { position, hash } = await chainOf(pool)
      if (position !== null) log.info({ position, hash }, 'the audit log has come this far')
    } catch (error) {
      log.warn({ err: error }, 'the audit log cannot be read')
    }
  }
  let last = anchor()
  const timer = setInterval(() => void (last = anchor()), dayMs)
  timer.unref()
  return () => {
    clearInterval(timer)
    return last
  }
}
