import type { Pool } from '@parley/core/db/pool'
import type { Logger } from '@parley/core/log'
import { followKeys } from '@parley/core/tokens/follow-keys'
import { type KeySet, createKeySet } from '@parley/core/tokens/key-set'

export interface Keys extends Pick<KeySet, 'find' | 'has'> {
  start(): void
  stop(): Promise<void>
}

/** The public keys, followed from `start` to `stop`. */
export function createKeys(options: { databaseUrl: string; db: Pool; log: Logger }): Keys {
  const { databaseUrl: url, db, log } = options
  const keys = createKeySet(db)
  const failed = (error: unknown): void => log.warn({ err: error }, 'the keys cannot be followed')
  let following: ReturnType<typeof followKeys> | undefined
  return {
    ...keys,
    start: () => void (following = followKeys({ url, keys, failed })),
    stop: async () => following?.stop(),
  }
}
