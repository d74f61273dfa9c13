import { keepKeys } from '@parley/core/tokens/rotation'
import { repeat } from '../repeat.ts'
import type { Server } from '../server.ts'

/** How often to look whether a key has had its time, in milliseconds; sooner where that failed. */
const everyMs = 3_600_000
const againMs = 60_000

/** Rotates the signing keys when they have had their days: at the start and then hourly, on any server. */
export function startRotation({
  config,
  pool,
  masterKey,
  log,
}: Pick<Server, 'config' | 'pool' | 'masterKey' | 'log'>): () => Promise<void> {
  const failed = 'the keys could not be looked after, which is tried again'
  return repeat({ log, everyMs, againMs, failed }, async () => {
    const outcome = await keepKeys(pool, masterKey, config.keyRotationDays)
    if (outcome.did === 'rotate') log.info({ kid: outcome.kid }, 'another key signs')
  })
}
