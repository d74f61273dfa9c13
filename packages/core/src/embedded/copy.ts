import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { StartError, errorCode } from '../start-error.ts'
import type { Binaries } from './binaries.ts'
import { makeLinks } from './links.ts'

/** Not below /tmp: there, anybody could make the folder first and have root run what lies in it. */
const systemCache = '/var/cache/parley'

/** Copies the programs to a folder that everybody may read and only root may write. */
export function copyForEverybody({ native, version }: Binaries, cache = systemCache): string {
  const target = join(cache, `postgres-${version}`)
  try {
    if (!existsSync(cache)) mkdirSync(cache, { recursive: true })
    requireRootOnly(cache)
    if (existsSync(target)) {
      requireRootOnly(target)
      return target
    }
    // Complete or not there: the copy gets its name when it is finished.
    const unfinished = mkdtempSync(`${target}.`)
    copyFolder(native, unfinished)
    makeLinks(native, unfinished)
    return finish(unfinished, target)
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(
      `PostgreSQL cannot run as root, and its programs cannot be copied to ${cache} for another account (${errorCode(error)}): start Parley as an ordinary user or set DATABASE_URL.`,
      { cause: error },
    )
  }
}

function finish(unfinished: string, target: string): string {
  try {
    renameSync(unfinished, target)
  } catch (error) {
    rmSync(unfinished, { recursive: true })
    // Another start finished the same copy first.
    if (errorCode(error) !== 'ENOTEMPTY') throw error
  }
  return target
}

/** Modes are set, not inherited, because root's umask may be closed. Static libraries stay behind. */
function copyFolder(from: string, to: string): void {
  chmodSync(to, 0o755)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) {
      mkdirSync(target)
      copyFolder(source, target)
    } else if (entry.isFile() && !entry.name.endsWith('.a')) {
      copyFileSync(source, target)
      chmodSync(target, lstatSync(source).mode & 0o100 ? 0o755 : 0o644)
    }
  }
}

/** Refuses a folder that anybody but root could have put there or could change, or one of its parents. */
function requireRootOnly(path: string): void {
  const { mode, uid } = lstatSync(path)
  const folder = (mode & 0o170000) === 0o040000
  if (!folder || uid !== 0 || (mode & 0o022) !== 0)
    throw new StartError(
      `Root will not run programs from ${path}: it must be a folder that only root can write.`,
    )
  if (dirname(path) !== path) requireRootOnly(dirname(path))
}
