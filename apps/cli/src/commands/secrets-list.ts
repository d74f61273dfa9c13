import { statSync } from 'node:fs'
import { loadConfig } from '@parley/core/config/load'
import { paths } from '@parley/core/embedded/paths'
import { loadSecrets, secretsFile } from '@parley/core/secrets'
import { keyIdOf } from '@parley/core/secrets/key-id'
import type { Command } from '../command.ts'
import { say } from '../say.ts'

const since = (file: string): string => `since ${statSync(file).mtime.toISOString().slice(0, 10)}`

export const secretsList: Command = {
  name: 'secrets list',
  summary: 'List the secrets of this installation: their ids and ages, never the secrets.',
  run() {
    const config = loadConfig(process.env)
    const { masterKey } = loadSecrets(config)
    const id = `id ${keyIdOf(masterKey)}`
    const where =
      config.masterKeyFile === undefined
        ? config.masterKey === undefined
          ? `${since(secretsFile(config))}, in secrets.json`
          : 'in the settings'
        : `${since(config.masterKeyFile)}, in the file that the settings name`
    const { password } = paths(config.dataDir)
    const known = statSync(password, { throwIfNoEntry: false }) !== undefined
    const lines = [
      `master_key         ${id}, ${where}`,
      'signing_keys       in the database: see parley keys list',
      config.databaseUrl === undefined
        ? `database_password  ${known ? `${since(password)}, in postgres.password` : 'none yet'}`
        : 'database_password  in the settings',
    ]
    say(lines.join('\n'))
  },
}
