import type { Config } from '@parley/core/config/load'
import { migrate } from '@parley/core/db/migrate'
import { serverRoles } from '@parley/core/db/roles'
import { type Pool, createPool } from '@parley/core/db/pool'
import { StartError } from '@parley/core/start-error'
import { StorageFull, StorageUnavailable } from '@parley/core/storage/storage'
import { withDatabase } from '../database.ts'

/** Runs `work` on the files of the database; what a storage says against it is one sentence. */
export const withFiles = (
  name: string,
  work: (pool: Pool, config: Config) => Promise<void>,
): Promise<void> =>
  withDatabase(async (url, config) => {
    await migrate(url, serverRoles(config))
    const pool = createPool({ url, max: 8, name: `parley ${name}`, statementTimeoutMs: 60_000 })
    try {
      await work(pool, config)
    } catch (error) {
      if (!(error instanceof StorageFull || error instanceof StorageUnavailable)) throw error
      throw new StartError(`It stopped in the middle: ${error.message}. Run it again.`, {
        cause: error,
      })
    } finally {
      await pool.close()
    }
  })
