import { randomBytes, randomUUID } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { Type } from 'typebox'
import type { Config } from './config/load.ts'
import { key } from './config/kinds.ts'
import { openDataFolder } from './data-folder.ts'
import { parseJson } from './json.ts'
import { StartError, errorCode } from './start-error.ts'

export interface Secrets {
  /** Names this installation, not secret. */
  instanceId: string
  /** 32 bytes that encrypt the keys in the database. */
  masterKey: Buffer
}

/**
 * The secrets of this installation: from `secrets.json` in the data folder, made at the first
 * start. A master key in the settings (containers) wins over the one in the file.
 */
export function loadSecrets(
  config: Pick<Config, 'dataDir' | 'masterKey' | 'masterKeyFile'>,
): Secrets {
  const stored = readSecrets(join(openDataFolder(config.dataDir), 'secrets.json'))
  const given =
    config.masterKeyFile === undefined ? config.masterKey : readKeyFile(config.masterKeyFile)
  return given === undefined ? stored : { ...stored, masterKey: Buffer.from(given, 'base64url') }
}

function readSecrets(file: string): Secrets {
  try {
    return parse(readPrivate(file), file)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw readable(error, file)
  }
  create(file)
  return parse(readPrivate(file), file)
}

/** `link` refuses a name that is taken: two first starts agree on one file, and it is never half-written. */
function create(file: string): void {
  const fresh = { instance_id: randomUUID(), master_key: randomBytes(32).toString('base64url') }
  const unfinished = `${file}.${randomUUID()}`
  const handle = openSync(unfinished, 'wx', 0o600)
  try {
    writeSync(handle, `${JSON.stringify(fresh, null, 2)}\n`)
    fsyncSync(handle)
    linkSync(unfinished, file)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  } finally {
    closeSync(handle)
    rmSync(unfinished)
  }
}

const Stored = Type.Object({
  instance_id: Type.String({ minLength: 1 }),
  master_key: Type.String(),
})

function parse(text: string, file: string): Secrets {
  const stored = parseJson(text, Stored)
  const masterKey = stored && key.parse(stored.master_key)
  if (stored === undefined || masterKey === undefined)
    throw new StartError(
      `The file ${file} is damaged; restore it from a backup (without it, all sessions are lost).`,
    )
  return { instanceId: stored.instance_id, masterKey: Buffer.from(masterKey, 'base64url') }
}

function readKeyFile(file: string): string {
  try {
    const found = key.parse(readFileSync(file, 'utf8').trim())
    if (found !== undefined) return found
  } catch (error) {
    throw readable(error, file)
  }
  throw new StartError(`The master key in ${file} must be ${key.expected}.`)
}

/** Looks at the opened file, so that what is checked is what is read. */
function readPrivate(file: string): string {
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

function readable(error: unknown, file: string): unknown {
  const code = errorCode(error)
  return code === ''
    ? error
    : new StartError(`The file ${file} cannot be read (${code}).`, { cause: error })
}
