import { join } from 'node:path'
import { missingForS3 } from '../config/cross-check.ts'
import type { Config } from '../config/load.ts'
import { readSecretFile } from '../config/secret-file.ts'
import { StartError } from '../start-error.ts'
import { createLocalStorage } from './local.ts'
import { createS3Storage } from './s3.ts'
import { type Storage, StorageUnavailable } from './storage.ts'

export type StorageKind = Config['storage']

const secretKey = ({ s3SecretKey = '', s3SecretKeyFile }: Config): string =>
  s3SecretKeyFile === undefined
    ? s3SecretKey
    : readSecretFile(s3SecretKeyFile, 'the key to the store')

/** What to look at when a store refuses, by what it calls its reason. */
const advice: Record<string, string> = {
  NoSuchBucket: 'make the bucket, or correct PARLEY_S3_BUCKET',
  InvalidAccessKeyId: 'correct PARLEY_S3_ACCESS_KEY',
  SignatureDoesNotMatch: 'correct PARLEY_S3_SECRET_KEY',
  AccessDenied: 'let this key list the bucket, and read, write and delete its objects',
  AuthorizationHeaderMalformed: 'correct PARLEY_S3_REGION',
  PermanentRedirect: 'correct PARLEY_S3_ENDPOINT or PARLEY_S3_REGION',
  RequestTimeTooSkewed: 'set the clock of this machine',
}

async function openS3(config: Config): Promise<Storage> {
  const missing = [...missingForS3(config)]
  if (missing.length > 0) throw new StartError(missing.join('\n'))
  const { s3Endpoint = '', s3Bucket = '', s3AccessKey = '', s3Prefix = '' } = config
  const storage = createS3Storage({
    endpoint: s3Endpoint,
    region: config.s3Region,
    bucket: s3Bucket,
    prefix: s3Prefix,
    accessKey: s3AccessKey,
    secretKey: secretKey(config),
  })
  try {
    await storage.reach()
  } catch (error) {
    if (!(error instanceof StorageUnavailable)) throw error
    const what = advice[error.code] ?? 'look at PARLEY_S3_ENDPOINT'
    throw new StartError(
      `The bucket ${s3Bucket} at ${s3Endpoint} cannot be used: ${error.message}; ${what}.`,
      { cause: error },
    )
  }
  return storage
}

/**
 * The storage that the settings name, or the other one. Throws a StartError where a store lacks settings,
 * cannot be reached or does not let us in.
 */
export async function openStorage(
  config: Config,
  kind: StorageKind = config.storage,
): Promise<Storage> {
  return kind === 's3' ? openS3(config) : createLocalStorage(join(config.dataDir, 'files'))
}
