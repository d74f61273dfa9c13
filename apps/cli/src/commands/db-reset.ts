import { loadConfig } from '@parley/core/config/load'
import { migrate } from '@parley/core/db/migrate'
import { serverRoles } from '@parley/core/db/roles'
import { requireUnused } from '@parley/core/embedded/running'
import { type Command, textOf } from '../command.ts'
import { withDatabase } from '../database.ts'
import { printDemo } from '../print-demo.ts'
import { confirmReset, dropEverything, target } from '../reset.ts'
import { passwordOption } from './db-seed.ts'

export const dbReset: Command = {
  name: 'db reset',
  summary: 'Delete everything in the database, then migrate and seed it.',
  options: {
    yes: { type: 'boolean', help: 'Do not ask.' },
    password: passwordOption,
  },
  async run(values) {
    const config = loadConfig(process.env)
    await confirmReset(target(config), values['yes'] === true)
    // Running servers remember keys and memberships that would be gone.
    if (config.databaseUrl === undefined) requireUnused(config.dataDir)
    await withDatabase(async (url, config) => {
      await dropEverything(url, config)
      await migrate(url, serverRoles(config))
      await printDemo(url, config, textOf(values, 'password'))
    })
  },
}
