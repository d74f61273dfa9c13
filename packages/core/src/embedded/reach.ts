import { spawnSync } from 'node:child_process'
import { StartError, errorCode } from '../start-error.ts'
import type { Account } from './account.ts'
import { type Binaries, program } from './binaries.ts'
import { copyForEverybody } from './copy.ts'

/**
 * A folder with PostgreSQL's programs that the account can run. Root's checkout often lies under a
 * closed home folder (mode 0700), where no other account can reach them; they are copied then.
 */
export function reachable(binaries: Binaries, account: Account | undefined): string {
  // Our own account: initdb or postgres itself will say what is wrong.
  if (account === undefined) return binaries.native
  if (runs(binaries.native, account)) return binaries.native
  const copy = copyForEverybody(binaries)
  if (!runs(copy, account))
    throw new StartError(
      `PostgreSQL's programs in ${copy} cannot be run by the account with id ${account.uid}.`,
    )
  return copy
}

/** Asks the programs themselves: modes, access lists and missing libraries all count. */
function runs(native: string, account: Account): boolean {
  const { status, error, stderr } = spawnSync(program(native, 'postgres'), ['--version'], {
    ...account,
    // The working directory may be closed to the account as well.
    cwd: '/',
    env: {},
    encoding: 'utf8',
  })
  if (status === 0) return true
  if (
    errorCode(error) === 'EACCES' ||
    /Permission denied|cannot open shared object/.test(stderr ?? '')
  )
    return false
  throw new StartError(
    `The PostgreSQL that came with npm does not run on this machine (${error?.message ?? stderr.trim()}); set DATABASE_URL to a PostgreSQL 15 or newer.`,
  )
}
