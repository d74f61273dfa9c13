import { loadConfig } from '@parley/core/config/load'
import { makeNextPassword } from '@parley/core/embedded/next-password'
import { startPostgres } from '@parley/core/embedded/postgres'
import { requireUnused } from '@parley/core/embedded/running'
import { migrate } from '@parley/core/db/migrate'
import { createPool } from '@parley/core/db/pool'
import { serverRoles } from '@parley/core/db/roles'
import { rotateMasterKey } from '@parley/core/secrets/rotate'
import { StartError } from '@parley/core/start-error'
import { type Command, textOf } from '../command.ts'
import { withDatabase } from '../database.ts'
import { say } from '../say.ts'
import { keysRotate } from './keys-rotate.ts'

/** Long enough for millions of sessions, in milliseconds. */
const patience = 10 * 60_000

const masterKey: Command = {
  name: 'secrets rotate master_key',
  summary: 'Encrypt what is secret in the database under another key, while Parley is stopped.',
  options: {
    'new-key-file': {
      type: 'string',
      help: 'File with the new key, where the master key is in the settings.',
    },
  },
  async run(values) {
    const { dataDir, databaseUrl } = loadConfig(process.env)
    if (databaseUrl === undefined) requireUnused(dataDir)
    await withDatabase(async (url, config) => {
      await migrate(url, serverRoles(config))
      const name = 'parley secrets rotate'
      const pool = createPool({ url, max: 1, name, statementTimeoutMs: patience })
      try {
        const file = textOf(values, 'new-key-file')
        const count = await rotateMasterKey(pool, config, file)
        say(`The master key was replaced; ${count} secrets in the database are under the new one.`)
        if (file !== undefined)
          say(`Put the key in ${file} in the settings of every server before you start it.`)
        say('Make a backup now: those from before need the old key.')
      } finally {
        await pool.close()
      }
    })
  },
}

const databasePassword: Command = {
  name: 'secrets rotate database_password',
  summary: 'Give the embedded database other passwords, while Parley is stopped.',
  async run() {
    const { dataDir, databaseUrl } = loadConfig(process.env)
    if (databaseUrl !== undefined)
      throw new StartError(
        'The database is your own: change the passwords there and in the settings.',
      )
    requireUnused(dataDir)
    // Once to be sure that there is a database, and that nobody else has it.
    await (await startPostgres({ dataDir })).stop()
    makeNextPassword(dataDir)
    await (await startPostgres({ dataDir })).stop()
    say('The passwords of the embedded database were replaced.')
  },
}

/** One for each secret. */
export const secretsRotate: readonly Command[] = [
  masterKey,
  { ...keysRotate, name: 'secrets rotate signing_keys', summary: 'The same as keys rotate.' },
  databasePassword,
]
