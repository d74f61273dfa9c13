import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { StartError, errorCode } from '../start-error.ts'

/**
 * The superuser's password: 32 random bytes in a file that only its owner reads. Loopback is open
 * to every account of a machine, so the database asks for it (SCRAM) although it is local.
 */
export function readPassword(path: string): string {
  const text = readFileSync(path, 'utf8').trim()
  if (text === '') throw new StartError(`The file ${path} is empty; restore it from a backup.`)
  return text
}

/** Makes the password once. It is safely on the disk before a cluster exists that needs it. */
export function ensurePassword(path: string): string {
  try {
    const file = openSync(path, 'wx', 0o600)
    try {
      writeSync(file, `${randomBytes(32).toString('base64url')}\n`)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
  return readPassword(path)
}
