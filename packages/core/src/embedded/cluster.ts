import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { StartError, errorCode } from '../start-error.ts'

/**
 * Whether PostgreSQL's folder is there and can be used; one that is not ours is refused. A folder
 * that we may not even read counts as there: accountFor says whose it is.
 */
export function clusterExists(cluster: string, major: string): boolean {
  const version = join(cluster, 'PG_VERSION')
  if (!existsSync(version)) {
    const empty = isEmpty(cluster)
    if (empty !== false) return empty === undefined
    throw new StartError(
      `The folder ${cluster} is not empty and holds no PostgreSQL database; move it away first.`,
    )
  }
  const found = readFileSync(version, 'utf8').trim()
  if (found !== major)
    throw new StartError(
      `The database in ${cluster} was made by PostgreSQL ${found} and this version of Parley brings PostgreSQL ${major}: make a backup with the version of Parley that made it and restore that here.`,
    )
  return true
}

/** Undefined when we may not look. */
function isEmpty(folder: string): boolean | undefined {
  try {
    return readdirSync(folder).length === 0
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true
    if (errorCode(error) === 'ENOTDIR') return false
    if (errorCode(error) === 'EACCES') return undefined
    throw error
  }
}
