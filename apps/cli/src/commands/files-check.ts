import type { Config } from '@parley/core/config/load'
import type { Pool } from '@parley/core/db/pool'
import { StartError } from '@parley/core/start-error'
import { openStorage } from '@parley/core/storage/open'
import type { Command, Values } from '../command.ts'
import { checkFiles } from '../files/check.ts'
import { withFiles } from '../files/with-files.ts'

async function check(pool: Pool, config: Config, values: Values): Promise<void> {
  const { faults, blobs, removed, young } = await checkFiles(pool, await openStorage(config), {
    hash: values['hash'] === true,
    fix: values['fix'] === true,
  })
  for (const fault of faults) process.stdout.write(`${fault}\n`)
  if (removed > 0) process.stdout.write(`Removed ${removed} that nothing refers to.\n`)
  if (young > 0)
    process.stdout.write(
      `Nothing refers to ${young} more; younger than a day, they may be on their way.\n`,
    )
  const counted = `Checked ${blobs} in ${config.storage}`
  if (faults.length > 0)
    throw new StartError(
      `${counted}: ${faults.length === 1 ? '1 fault' : `${faults.length} faults`}.`,
    )
  process.stdout.write(`${counted}: nothing is wrong.\n`)
}

export const filesCheck: Command = {
  name: 'files check',
  summary:
    'Compare the files in the database with those in the storage; exit code 1 at a difference.',
  options: {
    hash: { type: 'boolean', help: 'Read all files and compare their SHA-256.' },
    fix: { type: 'boolean', help: 'Remove what nothing refers to and is older than a day.' },
  },
  run: (values) => withFiles('files check', (pool, config) => check(pool, config, values)),
}
