import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Pool } from '../db/pool.ts'
import { takeLock } from '../embedded/lock.ts'
import { type SecretSettings, givenKey, readKeyFile, secretsFile } from '../secrets.ts'
import { StartError } from '../start-error.ts'
import { addressKeyOf } from './address-keys.ts'
import { reseal } from './reseal.ts'
import { type Stored, readStored, replaceStored } from './stored.ts'

/** Longer than an address is good for, in milliseconds. */
const addressesFor = 10 * 60_000

/** What takes the place of the old key, and where that goes. */
interface Change {
  old: Buffer
  next: Buffer
  /** What `secrets.json` says while the database changes over, and after it. */
  during: Stored
  after: Stored
}

/** The key of the file: the next one is on the disk before anything is for good encrypted under it. */
function ofFile(stored: Stored): Change {
  const next = stored.next_master_key ?? randomBytes(32).toString('base64url')
  const { instance_id, master_key } = stored
  return {
    old: Buffer.from(master_key, 'base64url'),
    next: Buffer.from(next, 'base64url'),
    during: { ...stored, next_master_key: next },
    after: { instance_id, master_key: next },
  }
}

/** The key of the settings: both are the operator's to keep. */
const ofSettings = (stored: Stored, old: Buffer, newKeyFile: string): Change => ({
  old,
  next: readKeyFile(newKeyFile),
  during: stored,
  after: stored,
})

function changeOf(config: SecretSettings, stored: Stored, newKeyFile: string | undefined): Change {
  const given = givenKey(config)
  if (given === undefined && newKeyFile === undefined) return ofFile(stored)
  if (given === undefined)
    throw new StartError(
      'The master key is in secrets.json, where a new one is made: leave out --new-key-file.',
    )
  if (newKeyFile === undefined)
    throw new StartError(
      'The master key is in the settings. Put 32 random bytes in base64url (43 characters) in a file, ' +
        'and name it with --new-key-file.',
    )
  return ofSettings(stored, given, newKeyFile)
}

/**
 * Replaces the master key: what is encrypted under it in the database, then what `secrets.json` says. Broken
 * off anywhere it may be done again, and goes on. Returns how much was encrypted.
 */
export async function rotateMasterKey(
  pool: Pool,
  config: SecretSettings,
  newKeyFile?: string,
): Promise<number> {
  const file = secretsFile(config)
  const lock = takeLock(join(config.dataDir, 'secrets.lock'))
  if ('holder' in lock)
    throw new StartError(`Process ${lock.holder.pid} rotates the master key already.`)
  try {
    const { old, next, during, after } = changeOf(config, readStored(file), newKeyFile)
    const ready = (): void => replaceStored(file, during)
    const count = await reseal(pool, { from: old, to: next, ready })
    const until = new Date(Date.now() + addressesFor).toISOString()
    const key = addressKeyOf(old).toString('base64url')
    replaceStored(file, { ...after, former_address_key: { key, until } })
    return count
  } finally {
    lock.release()
  }
}
