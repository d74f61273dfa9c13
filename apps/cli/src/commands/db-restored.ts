import { startEpoch } from '@parley/core/db/epoch'
import { migrate } from '@parley/core/db/migrate'
import { serverRoles } from '@parley/core/db/roles'
import { createPool } from '@parley/core/db/pool'
import type { Command } from '../command.ts'
import { withDatabase } from '../database.ts'

export const dbRestored: Command = {
  name: 'db restored',
  summary: 'Say that the database was set back to an older state: clients start afresh.',
  run: () =>
    withDatabase(async (url, config) => {
      await migrate(url, serverRoles(config))
      const pool = createPool({ url, max: 1, name: 'parley db restored' })
      try {
        await pool.run(startEpoch())
      } finally {
        await pool.close()
      }
      process.stdout.write('Each client takes a fresh state when it connects next.\n')
    }),
}
