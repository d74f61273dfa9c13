import { migrate } from '@parley/core/db/migrate'
import { serverRoles } from '@parley/core/db/roles'
import { type Command, type Option, textOf } from '../command.ts'
import { withDatabase } from '../database.ts'
import { printDemo } from '../print-demo.ts'

export const passwordOption: Option = {
  type: 'string',
  help: 'Password of the demo accounts; random unless given.',
}

export const dbSeed: Command = {
  name: 'db seed',
  summary: 'Add the workspace "Demo" with three accounts to try Parley with.',
  options: { password: passwordOption },
  run: (values) =>
    withDatabase(async (url, config) => {
      await migrate(url, serverRoles(config))
      await printDemo(url, config, textOf(values, 'password'))
    }),
}
