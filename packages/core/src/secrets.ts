import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config/load.ts'
import { key } from './config/kinds.ts'
import { openDataFolder } from './data-folder.ts'
import { type AddressKeys, addressKeyOf } from './secrets/address-keys.ts'
import { readStored, readable } from './secrets/stored.ts'
import { StartError } from './start-error.ts'

export interface Secrets {
  /** Names this installation, not secret. */
  instanceId: string
  /** 32 bytes that encrypt the keys in the database. */
  masterKey: Buffer
  /** What addresses are signed by: the first one signs, the others are good for a while yet. */
  addressKeys: AddressKeys
}

export type SecretSettings = Pick<Config, 'dataDir' | 'masterKey' | 'masterKeyFile'>

export const secretsFile = ({ dataDir }: Pick<Config, 'dataDir'>): string =>
  join(openDataFolder(dataDir), 'secrets.json')

/**
 * The secrets of this installation: from `secrets.json` in the data folder, made at the first
 * start. A master key in the settings (containers) wins over the one in the file.
 */
export function loadSecrets(config: SecretSettings): Secrets {
  const file = secretsFile(config)
  const stored = readStored(file)
  const given = givenKey(config)
  if (given === undefined && stored.next_master_key !== undefined)
    throw new StartError(
      `A rotation of the master key in ${file} was broken off. Nothing is lost: ` +
        'parley secrets rotate master_key goes on with it.',
    )
  const masterKey = given ?? Buffer.from(stored.master_key, 'base64url')
  const former = stored.former_address_key
  return {
    instanceId: stored.instance_id,
    masterKey,
    addressKeys: [
      { key: addressKeyOf(masterKey), until: Infinity },
      ...(former === undefined
        ? []
        : [{ key: Buffer.from(former.key, 'base64url'), until: Date.parse(former.until) }]),
    ],
  }
}

/** The master key in the settings, where there is one. */
export function givenKey({ masterKey, masterKeyFile }: SecretSettings): Buffer | undefined {
  if (masterKeyFile !== undefined) return readKeyFile(masterKeyFile)
  return masterKey === undefined ? undefined : Buffer.from(masterKey, 'base64url')
}

export function readKeyFile(file: string): Buffer {
  try {
    const found = key.parse(readFileSync(file, 'utf8').trim())
    if (found !== undefined) return Buffer.from(found, 'base64url')
  } catch (error) {
    throw readable(error, file)
  }
  throw new StartError(`The master key in ${file} must be ${key.expected}.`)
}
