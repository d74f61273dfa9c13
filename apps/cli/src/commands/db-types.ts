import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { StartError } from '@parley/core/start-error'
import type { Command } from '../command.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const script = fileURLToPath(new URL('../../../../scripts/check/sql.ts', import.meta.url))

export const dbTypes: Command = {
  name: 'db types',
  summary: 'For developers: correct the row types of all SQL statements after a migration.',
  async run() {
    if (!existsSync(script))
      throw new StartError('db types needs a checkout of the source with its scripts.')
    // It migrates a throw-away database, so the types follow the migrations and not this machine's data.
    const child = spawn(process.execPath, [script, '--write'], { cwd: root, stdio: 'inherit' })
    await once(child, 'exit')
    if (child.exitCode !== 0)
      throw new StartError(
        'Not every statement could be corrected; what is left to do stands above.',
      )
  },
}
