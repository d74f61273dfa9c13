import { newSetupToken, setupLink } from '@parley/core/access/setup'
import { migrate } from '@parley/core/db/migrate'
import { serverRoles } from '@parley/core/db/roles'
import { createPool } from '@parley/core/db/pool'
import type { Command } from '../command.ts'
import { withDatabase } from '../database.ts'

export const adminSetupLink: Command = {
  name: 'admin setup-link',
  summary: 'Print a link by which somebody becomes an administrator, once and within an hour.',
  run: () =>
    withDatabase(async (url, config) => {
      await migrate(url, serverRoles(config))
      const pool = createPool({ url, max: 1, name: 'parley admin setup-link' })
      try {
        process.stdout.write(`${setupLink(config.publicUrl, await newSetupToken(pool))}\n`)
      } finally {
        await pool.close()
      }
    }),
}
