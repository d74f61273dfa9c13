import type { Config } from './load.ts'
import { isOverheard } from './kinds.ts'
import { variable } from './settings.ts'

/** What is wrong between settings that are each fine by themselves. */
export function* crossCheck(config: Config): Generator<string> {
  yield* samePorts(config)
  if (config.masterKey && config.masterKeyFile)
    yield 'Only one of PARLEY_MASTER_KEY and PARLEY_MASTER_KEY_FILE may be set.'
  if (config.s3SecretKey && config.s3SecretKeyFile)
    yield 'Only one of PARLEY_S3_SECRET_KEY and PARLEY_S3_SECRET_KEY_FILE may be set.'
  if ((config.smtpUrl === undefined) !== (config.mailFrom === undefined))
    yield 'PARLEY_SMTP_URL and PARLEY_MAIL_FROM belong together: set both, or neither.'
  for (const name of ['databaseUrlMigrate', 'databaseUrlNotify'] as const)
    if (config[name] !== undefined && config.databaseUrl === undefined)
      yield `${variable(name)} needs DATABASE_URL beside it.`
  yield* partsOfOpenid(config)
  if (config.storage === 's3') {
    yield* missingForS3(config)
    if (config.maxFileSize > largestObject)
      yield `PARLEY_MAX_FILE_SIZE may be at most ${largestObject} B where files are in an S3 store.`
  }
  if (config.allowInsecureHttp) return
  if (config.s3Endpoint !== undefined && isOverheard(config.s3Endpoint))
    yield `PARLEY_S3_ENDPOINT must be https, not "${config.s3Endpoint}": files sent over http can be read by others (PARLEY_ALLOW_INSECURE_HTTP=on allows it).`
  if (config.filesOrigin !== undefined && isOverheard(config.filesOrigin))
    yield `PARLEY_FILES_ORIGIN must be https, not "${config.filesOrigin}": files sent over http can be read by others (PARLEY_ALLOW_INSECURE_HTTP=on allows it).`
  // Without its own setting the events URL follows the public one: one cause, one sentence.
  const [name, url] = isOverheard(config.publicUrl)
    ? ['PARLEY_PUBLIC_URL', config.publicUrl]
    : ['PARLEY_EVENTS_URL', config.eventsUrl]
  if (isOverheard(url))
    yield `${name} must be https, not "${url}": passwords sent over http can be overheard (PARLEY_ALLOW_INSECURE_HTTP=on allows it).`
}

/** A provider takes all three to be asked. */
function* partsOfOpenid(config: Config): Generator<string> {
  const { oidcIssuer, oidcClientId, oidcClientSecret, oidcClientSecretFile } = config
  if (oidcClientSecret !== undefined && oidcClientSecretFile !== undefined)
    yield 'Only one of PARLEY_OIDC_CLIENT_SECRET and PARLEY_OIDC_CLIENT_SECRET_FILE may be set.'
  const parts = [oidcIssuer, oidcClientId, oidcClientSecret ?? oidcClientSecretFile]
  const missing = parts.filter((part) => part === undefined).length
  if (missing !== 0 && missing !== parts.length)
    yield 'PARLEY_OIDC_ISSUER, PARLEY_OIDC_CLIENT_ID and PARLEY_OIDC_CLIENT_SECRET (or PARLEY_OIDC_CLIENT_SECRET_FILE) belong together: set all three, or none.'
}

/** In bytes: 10,000 parts of 8 MiB. */
const largestObject = 10_000 * 8 * 1024 * 1024

/** What a store cannot be used without. */
export function* missingForS3(config: Config): Generator<string> {
  for (const name of ['s3Endpoint', 's3Bucket', 's3AccessKey'] as const)
    if (config[name] === undefined) yield `${variable(name)} is needed for an S3 store.`
  if (config.s3SecretKey === undefined && config.s3SecretKeyFile === undefined)
    yield 'PARLEY_S3_SECRET_KEY or PARLEY_S3_SECRET_KEY_FILE is needed for an S3 store.'
}

/** Each pair by itself, so that no order of correcting them is better than another. */
function* samePorts(config: Config): Generator<string> {
  for (const [at, one] of portSettings.entries())
    for (const other of portSettings.slice(at + 1))
      if (config[one] !== 0 && config[one] === config[other])
        yield `${variable(one)} and ${variable(other)} must differ.`
}

const portSettings = ['chatPort', 'notifyPort', 'chatMetricsPort', 'notifyMetricsPort'] as const
