import { newSetupToken, setupLink } from '@parley/core/access/setup'
import { migrate } from '@parley/core/db/migrate'
import { createPool } from '@parley/core/db/pool'
import type { Command } from '../command.ts'
import { withDatabase } from '../database.ts'

export const adminSetupLink: Command = {
  name: 'admin setup-link',
  summary: 'Print a link by which somebody becomes an administrator, once and within an hour.',
  run: () =>
    withDatabase(async (url, { publicUrl }) => {
      await migrate(url)
      const pool = createPool({ url, max: 1, name: 'parley admin setup-link' })
      try {
        process.stdout.write(`${setupLink(publicUrl, await newSetupToken(pool))}\n`)
      } finally {
        await pool.close()
      }
    }),
}
