import type { Config } from '@parley/core/config/load'
import { migrate } from '@parley/core/db/migrate'
import { serverRoles } from '@parley/core/db/roles'
import { type Pool, createPool } from '@parley/core/db/pool'
import { withDatabase } from '../database.ts'

/** Runs `work` on the keys of the database. */
export const withKeys = (
  name: string,
  work: (pool: Pool, config: Config) => Promise<void>,
): Promise<void> =>
  withDatabase(async (url, config) => {
    await migrate(url, serverRoles(config))
    const pool = createPool({ url, max: 1, name: `parley ${name}` })
    try {
      await work(pool, config)
    } finally {
      await pool.close()
    }
  })
