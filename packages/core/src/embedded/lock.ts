import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { parseJson } from '../json.ts'
import { errorCode } from '../start-error.ts'
import { Identity, identify, lives } from './identity.ts'

export interface Lock {
  release: () => void
}

/**
 * Takes the folder for this process, or says who has it. Node has no flock, so the lock is a file
 * that names its holder; `link` makes it complete or not at all, and a dead holder's is taken over.
 */
export function takeLock(path: string): Lock | { holder: Identity } {
  const mine = `${path}.${randomUUID()}`
  writeFileSync(mine, JSON.stringify(identify(process.pid)), { mode: 0o600, flag: 'wx' })
  try {
    for (;;) {
      try {
        linkSync(mine, path)
        return { release: () => rmSync(path, { force: true }) }
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error
      }
      const holder = lockHolder(path)
      if (holder !== undefined) return { holder }
      removeStale(path)
    }
  } finally {
    rmSync(mine, { force: true })
  }
}

/** Who holds the lock now; undefined when nobody does or the holder is dead. */
export function lockHolder(path: string): Identity | undefined {
  const holder = read(path)
  return holder && lives(holder) ? holder : undefined
}

/** Only one of many takers can rename the file; one that was fresh after all is put back. */
function removeStale(path: string): void {
  const aside = `${path}.${randomUUID()}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return
    throw error
  }
  if (lockHolder(aside) !== undefined) linkSync(aside, path)
  rmSync(aside)
}

function read(path: string): Identity | undefined {
  try {
    return parseJson(readFileSync(path, 'utf8'), Identity)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
