import { accessSync, constants, mkdirSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { StartError, errorCode } from './start-error.ts'

/** What Parley itself puts into its data folder. One of these marks a folder as ours. */
const ours = new Set([
  'secrets.json',
  'postgres',
  'postgres.new',
  'postgres.password',
  'postgres.lock',
  'files',
  'logs',
])
/** A freshly mounted volume is empty although it holds this. */
const ignored = new Set(['lost+found'])

const sentences: Record<string, string> = {
  EACCES: 'may not be written by this account',
  EPERM: 'may not be written by this account',
  EROFS: 'lies on a disk that is read-only',
  ENOSPC: 'cannot be made because the disk is full',
  ENOTDIR: 'is not a folder',
  EEXIST: 'is not a folder',
}

/**
 * Makes the data folder, or checks the one that is there, and returns its absolute path. A folder
 * with somebody else's files in it is refused, so that a mistyped path mixes nothing up.
 */
export function openDataFolder(path: string): string {
  const folder = resolve(path)
  try {
    // 0700: the folder holds the master key and everybody's messages.
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const names = readdirSync(folder).filter((name) => !ignored.has(name))
    if (names.length > 0 && !names.some((name) => ours.has(name)))
      throw new StartError(
        `The folder ${folder} is not empty and was not made by Parley; name another one in PARLEY_DATA_DIR.`,
      )
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return folder
  } catch (error) {
    const sentence = sentences[errorCode(error)]
    if (sentence === undefined) throw error
    throw new StartError(`The data folder ${folder} ${sentence}.`, { cause: error })
  }
}
