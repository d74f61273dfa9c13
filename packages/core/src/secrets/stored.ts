import { randomBytes, randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, rmSync, writeSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import { key } from '../config/kinds.ts'
import { parseJson } from '../json.ts'
import { readPrivate, replacePrivate } from '../private-file.ts'
import { StartError, errorCode } from '../start-error.ts'

/** What `secrets.json` says. */
const Stored = Type.Object({
  instance_id: Type.String({ minLength: 1 }),
  master_key: Type.String(),
  /** The key that takes its place, while what is encrypted in the database changes over. */
  next_master_key: Type.Optional(Type.String()),
  /** What addresses were signed by before the last rotation, and until when they may be good. */
  former_address_key: Type.Optional(
    Type.Object({ key: Type.String(), until: Type.String({ minLength: 1 }) }),
  ),
})
export type Stored = Static<typeof Stored>

/** What the file says. It is made where there is none. */
export function readStored(file: string): Stored {
  try {
    return parse(readPrivate(file), file)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw readable(error, file)
  }
  create(file)
  return parse(readPrivate(file), file)
}

const text = (stored: Stored): string => `${JSON.stringify(stored, null, 2)}\n`

export function replaceStored(file: string, stored: Stored): void {
  try {
    replacePrivate(file, text(stored))
  } catch (error) {
    const code = errorCode(error)
    if (code === '') throw error
    throw new StartError(`The file ${file} cannot be replaced (${code}).`, { cause: error })
  }
}

/** `link` refuses a name that is taken: two first starts agree on one file, and it is never half-written. */
function create(file: string): void {
  const fresh = { instance_id: randomUUID(), master_key: randomBytes(32).toString('base64url') }
  const unfinished = `${file}.${randomUUID()}`
  const handle = openSync(unfinished, 'wx', 0o600)
  try {
    writeSync(handle, text(fresh))
    fsyncSync(handle)
    linkSync(unfinished, file)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  } finally {
    closeSync(handle)
    rmSync(unfinished)
  }
}

function parse(content: string, file: string): Stored {
  const stored = parseJson(content, Stored)
  const keys = [stored?.master_key, stored?.next_master_key, stored?.former_address_key?.key]
  const wrong = keys.some((one) => one !== undefined && key.parse(one) === undefined)
  if (stored === undefined || wrong)
    throw new StartError(
      `The file ${file} is damaged; restore it from a backup (without it, all sessions are lost).`,
    )
  return stored
}

export function readable(error: unknown, file: string): unknown {
  const code = errorCode(error)
  return code === ''
    ? error
    : new StartError(`The file ${file} cannot be read (${code}).`, { cause: error })
}
