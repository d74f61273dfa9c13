import { openDataFolder } from '../data-folder.ts'
import { errorCode } from '../start-error.ts'
import { accountFor } from './account.ts'
import { findBinaries } from './binaries.ts'
import { clusterExists } from './cluster.ts'
import { explain } from './failure.ts'
import { createCluster } from './initdb.ts'
import { type Lock, takeLock } from './lock.ts'
import { isCopy, rememberOrigin, startEpochOfCopy } from './origin.ts'
import { endOrphan } from './orphan.ts'
import { ensurePassword, readPassword } from './password.ts'
import { type Paths, paths } from './paths.ts'
import { takeNextPassword } from './next-password.ts'
import { prepareRoles } from './roles.ts'
import { reachable } from './reach.ts'
import { alreadyRunning } from './running.ts'
import { type Postgres, serve } from './serve.ts'
import type { Settings } from './settings.ts'

export type { Postgres } from './serve.ts'

export interface PostgresOptions {
  /** Parley's data folder. The cluster is `postgres` in it. */
  dataDir: string
  /** A free port unless given. */
  port?: number
  /** Changes to PostgreSQL's settings. */
  settings?: Settings
  /** Receives what the server writes. */
  log?: (text: string) => void
}

/**
 * Starts real PostgreSQL on loopback and returns when it answers. The cluster is made when there is
 * none. At most one process has a data folder; a server that a killed process left behind is ended
 * first. Whatever stands in the way is a StartError, and nothing is overwritten.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const dataDir = openDataFolder(options.dataDir)
  const places = paths(dataDir)
  let lock: Lock | undefined
  try {
    lock = ownLock(places.lock, dataDir)
    const server = await startLocked(options, places)
    void server.exited.then(lock.release)
    return server
  } catch (error) {
    lock?.release()
    throw errorCode(error) === 'ENOSPC' ? explain('No space left on device', dataDir) : error
  }
}

function ownLock(path: string, dataDir: string): Lock {
  const lock = takeLock(path)
  if ('holder' in lock) throw alreadyRunning(dataDir, lock.holder)
  return lock
}

async function startLocked(options: PostgresOptions, places: Paths): Promise<Postgres> {
  const binaries = findBinaries()
  const exists = clusterExists(places.cluster, binaries.major)
  const account = accountFor(places.cluster, exists)
  const native = reachable(binaries, account)
  const known = exists ? readPassword(places.password) : ensurePassword(places.password)
  const durable = options.settings?.['fsync'] !== 'off'
  if (exists) await endOrphan(places.cluster, places.running)
  else await createCluster(native, places, known, account, durable)
  const password = await takeNextPassword({ native, places, account, password: known })
  const copied = exists && isCopy(places)
  const server = await serve({ ...options, native, places, account, password })
  try {
    await prepareRoles(server.url, password)
    if (!copied || (await startEpochOfCopy(server.url))) rememberOrigin(places)
    return server
  } catch (error) {
    await server.stop()
    throw error
  }
}
