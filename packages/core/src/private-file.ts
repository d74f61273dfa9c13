import {
  closeSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { StartError } from './start-error.ts'

/** Looks at the opened file, so that what is checked is what is read. */
export function readPrivate(file: string): string {
  const handle = openSync(file, 'r')
  try {
    if (process.platform !== 'win32' && (fstatSync(handle).mode & 0o077) !== 0)
      throw new StartError(
        `Other accounts may read ${file}; run chmod 600 on it, then start again.`,
      )
    return readFileSync(handle, 'utf8')
  } finally {
    closeSync(handle)
  }
}

/**
 * Puts this text in the place of what the file said, on the disk when it returns, and never half of it. It
 * stays readable for its owner only, who may be another account than the one that runs this.
 */
export function replacePrivate(file: string, text: string, owner = file): void {
  const unfinished = `${file}.new`
  rmSync(unfinished, { force: true })
  const handle = openSync(unfinished, 'wx', 0o600)
  try {
    const { uid, gid } = statSync(owner)
    if (process.getuid !== undefined && uid !== process.getuid()) fchownSync(handle, uid, gid)
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(unfinished, file)
  syncFolder(dirname(file))
}

/** A new name is on the disk when its folder is. Windows has no such call. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
