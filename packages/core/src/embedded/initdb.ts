import { constants, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode } from '../start-error.ts'
import type { Account } from './account.ts'
import { program } from './binaries.ts'
import { explain } from './failure.ts'
import { clusterArgument, ended, launch, listen } from './launch.ts'
import type { Paths } from './paths.ts'
import { superuser } from './url.ts'

/**
 * Text is UTF-8 and sorts by code point in PostgreSQL's own C.UTF-8, so an index does not depend on
 * the machine's libc. The libc locale beside it only classifies characters for text search.
 */
const locale: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ['--locale=C', '--lc-ctype=UTF-8'],
  win32: ['--locale=C'],
}

const options = [
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  ...(locale[process.platform] ?? ['--locale=C.UTF-8']),
  `--username=${superuser}`,
  '--auth=scram-sha-256',
  // Relative, because the folders above may be closed to the account (see launch.ts).
  `--pwfile=${join('..', 'password')}`,
]

/**
 * Makes a new cluster beside its final place and renames it when it is complete: a start that is
 * killed or runs out of disk leaves nothing that looks like a database.
 */
export async function createCluster(
  native: string,
  { cluster, unfinished }: Paths,
  password: string,
  account: Account | undefined,
  durable: boolean,
): Promise<void> {
  const folder = join(unfinished, 'data')
  rmSync(unfinished, { recursive: true, force: true })
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(join(unfinished, 'password'), password, { mode: 0o600 })
    if (account)
      for (const name of ['.', 'data', 'password']) await give(join(unfinished, name), account)
    await runInitdb(native, folder, account, durable)
    // An empty folder may already stand in the cluster's place; rename replaces it.
    renameSync(folder, cluster)
    if (durable && process.platform !== 'win32') await sync(dirname(cluster))
  } catch (error) {
    throw errorCode(error) === 'ENOSPC' ? explain('No space left on device', cluster) : error
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

async function runInitdb(
  native: string,
  folder: string,
  account: Account | undefined,
  durable: boolean,
): Promise<void> {
  const args = [
    '-D',
    clusterArgument(folder, account),
    ...options,
    ...(durable ? [] : ['--no-sync']),
  ]
  const child = launch(program(native, 'initdb'), args, folder, account)
  const output = listen(child)
  const { code, error } = await ended(child)
  if (code !== 0) throw explain(error?.message ?? output(), dirname(dirname(folder)))
}

/** Opens before it gives away, so that a link planted in between gives away nothing else. */
async function give(path: string, { uid, gid }: Account): Promise<void> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    await file.chown(uid, gid)
  } finally {
    await file.close()
  }
}

async function sync(folder: string): Promise<void> {
  const file = await open(folder)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
