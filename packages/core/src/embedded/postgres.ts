import { openDataFolder } from '../data-folder.ts'
import { StartError } from '../start-error.ts'
import { accountFor } from './account.ts'
import { findBinaries } from './binaries.ts'
import { clusterExists } from './cluster.ts'
import { createCluster } from './initdb.ts'
import { takeLock } from './lock.ts'
import { endOrphan } from './orphan.ts'
import { ensurePassword, readPassword } from './password.ts'
import { paths } from './paths.ts'
import { reachable } from './reach.ts'
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
  const lock = takeLock(places.lock)
  if ('holder' in lock)
    throw new StartError(
      `Parley is already running on the data folder ${dataDir} (process ${lock.holder.pid}).`,
    )
  try {
    const binaries = findBinaries()
    const exists = clusterExists(places.cluster, binaries.major)
    const account = accountFor(places.cluster, exists)
    const native = reachable(binaries, account)
    const password = exists ? readPassword(places.password) : ensurePassword(places.password)
    if (exists) await endOrphan(places.cluster, places.running)
    else
      await createCluster(native, places, password, account, options.settings?.['fsync'] !== 'off')
    const server = await serve({ native, places, account, password, ...options })
    void server.exited.then(lock.release)
    return server
  } catch (error) {
    lock.release()
    throw error
  }
}
