import type { Config } from '@parley/core/config/load'
import type { Pool } from '@parley/core/db/pool'
import { StartError } from '@parley/core/start-error'
import { type StorageKind, openStorage } from '@parley/core/storage/open'
import type { Storage } from '@parley/core/storage/storage'
import { type Command, UsageError, textOf } from '../command.ts'
import { inWords } from '../files/digest.ts'
import { copyFiles, removeOld } from '../files/move.ts'
import { withFiles } from '../files/with-files.ts'
import { say } from '../say.ts'

/** Copies until a round finds no fewer than the one before: people go on sending files. */
async function copyAll(pool: Pool, from: Storage, to: Storage): Promise<void> {
  for (let before = Infinity; ;) {
    const { blobs, bytes, faults } = await copyFiles(pool, from, to)
    if (blobs > 0) say(`Copied ${blobs} (${inWords(bytes)}).`)
    for (const fault of faults) say(fault)
    if (faults.length > 0)
      throw new StartError(`${faults.length} could not be copied; all others were.`)
    if (blobs === 0 || blobs >= before) return
    before = blobs
  }
}

async function move(
  pool: Pool,
  config: Config,
  to: StorageKind,
  isRemoving: boolean,
): Promise<void> {
  const [source, target] = [
    await openStorage(config, to === 's3' ? 'local' : 's3'),
    await openStorage(config, to),
  ]
  const isInForce = config.storage === to
  if (isRemoving && !isInForce)
    throw new StartError(
      `PARLEY_STORAGE is ${config.storage} here: set it to ${to} and start the servers with it, before the old files are removed.`,
    )
  await copyAll(pool, source, target)
  say(`The files are in ${to}.`)
  if (isRemoving) say(`Removed ${await removeOld(pool, source, target)} from the old storage.`)
  else if (isInForce) say(`The old ones can go: add --remove-old.`)
  else
    say(
      `Now set PARLEY_STORAGE=${to}, restart the servers, and run this once more for what came until then.`,
    )
}

export const filesMove: Command = {
  name: 'files move',
  summary:
    'Copy all files to the other storage, while Parley runs; again, it goes on where it was.',
  options: {
    to: { type: 'string', help: 'Where to: s3 or local.' },
    'remove-old': {
      type: 'boolean',
      help: 'Then compare each with its copy and remove it from the old storage.',
    },
  },
  async run(values) {
    const to = textOf(values, 'to')
    if (to !== 's3' && to !== 'local') throw new UsageError('--to needs s3 or local.')
    await withFiles('files move', (pool, config) =>
      move(pool, config, to, values['remove-old'] === true),
    )
  },
}
