import { pruneAudit } from '@parley/core/audit/retention'
import { repeat } from '../repeat.ts'
import type { Server } from '../server.ts'

/** How often to look for entries past their time, in milliseconds; sooner where that failed. */
const everyMs = 24 * 3_600_000
const againMs = 3_600_000

/** Drops what is past its time, step by step, so that no transaction is long; how many that were. */
async function prune({ config, pool }: Keeper, stopped: () => boolean): Promise<number> {
  for (let dropped = 0; ;) {
    const step = stopped() ? 0 : await pruneAudit(pool, config.auditRetentionDays)
    if (step === 0) return dropped
    dropped += step
  }
}

type Keeper = Pick<Server, 'config' | 'pool' | 'log'>

/** Keeps the audit log to its retention: at the start and then daily, on any server. */
export function startPruning(server: Keeper): () => Promise<void> {
  const { config, log } = server
  if (config.auditRetentionDays === 0) return () => Promise.resolve()
  const failed = 'the audit log could not be cut, which is tried again'
  return repeat({ log, everyMs, againMs, failed }, async (stopped) => {
    const entries = await prune(server, stopped)
    if (entries > 0) log.info({ entries }, 'entries of the audit log were past their time')
  })
}
