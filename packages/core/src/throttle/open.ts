import type { Config } from '../config/load.ts'
import type { Db } from '../db/connection.ts'
import type { Logger } from '../log.ts'
import type { LimitName } from './limits.ts'
import { postgresStore } from './postgres.ts'
import { redisStore } from './redis.ts'
import { eitherOf } from './store.ts'
import { type Throttle, startThrottle } from './throttle.ts'

export interface ThrottlePlace {
  config: Pick<Config, 'rateLimits' | 'redisUrl'>
  db: Db
  masterKey: Buffer
  log: Logger
  refused(limit: LimitName): void
}

/**
 * The throttle that the settings ask for: its debts are in Redis where there is one, and in PostgreSQL where
 * there is none or it does not answer. Undefined where there are to be no limits.
 */
export async function openThrottle(place: ThrottlePlace): Promise<Throttle | undefined> {
  const { config, db, masterKey, log, refused } = place
  if (!config.rateLimits) return undefined
  const postgres = postgresStore(db)
  const redis = config.redisUrl === undefined ? undefined : redisStore(config.redisUrl)
  const lost = onceInAWhile((error) => log.warn({ err: error }, 'Redis does not answer'))
  const throttle = await startThrottle({
    store: redis ? eitherOf(redis, postgres, lost) : postgres,
    masterKey,
    refused,
    failed: onceInAWhile((error) => log.warn({ err: error }, 'what is limited cannot be told')),
  })
  return {
    ...throttle,
    async stop() {
      await throttle.stop()
      redis?.close()
    },
  }
}

/** It is tried once a second; a line a minute says as much. */
function onceInAWhile(tell: (error: unknown) => void): (error: unknown) => void {
  let toldAt = -Infinity
  return (error) => {
    if (performance.now() - toldAt < 60_000) return
    toldAt = performance.now()
    tell(error)
  }
}
