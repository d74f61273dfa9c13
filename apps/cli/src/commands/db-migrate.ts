import { migrate } from '@parley/core/db/migrate'
import { serverRoles } from '@parley/core/db/roles'
import type { Command } from '../command.ts'
import { withDatabase } from '../database.ts'

export const dbMigrate: Command = {
  name: 'db migrate',
  summary: 'Bring the database up to date.',
  run: () =>
    withDatabase(async (url, config) => {
      const applied = await migrate(url, serverRoles(config))
      for (const name of applied) process.stdout.write(`Applied ${name}.\n`)
      if (applied.length === 0) process.stdout.write('The database is up to date.\n')
    }),
}
