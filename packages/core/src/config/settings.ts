import { fileURLToPath } from 'node:url'
import {
  type Kind,
  address,
  bucket,
  bytes,
  daysOrEver,
  flag,
  issuer,
  key,
  networks,
  oneOf,
  origin,
  origins,
  path,
  port,
  portOrNone,
  postgresUrl,
  prefix,
  redisUrl,
  smtpUrl,
  text,
  whole,
} from './kinds.ts'

/** One setting, as `parley config` and docs/operations.md list it. */
interface Setting<T> {
  kind: Kind<T>
  description: string
  /** What happens without a value, in words. */
  otherwise?: string
  /** Never shown, not even in an error. */
  secret?: true
}

/** A setting that always has a value. The default is read like the text that an operator writes. */
export interface Fixed<T> extends Setting<T> {
  default: string
}

export interface Optional<T> extends Setting<T> {
  otherwise: string
}

const setting = <T>(kind: Kind<T>, standard: string, description: string): Fixed<T> => ({
  kind,
  default: standard,
  description,
})

const optional = <T>(kind: Kind<T>, otherwise: string, description: string): Optional<T> => ({
  kind,
  otherwise,
  description,
})

const secret = <T>(kind: Kind<T>, otherwise: string, description: string): Optional<T> => ({
  ...optional(kind, otherwise, description),
  secret: true,
})

/** Inside the project, so that one folder is all there is to move or to delete. */
const dataDir = fileURLToPath(new URL('../../../../.parley', import.meta.url))

const webDir = fileURLToPath(new URL('../../../../apps/web/dist', import.meta.url))

export const settings = {
  databaseUrl: secret(
    postgresUrl,
    'the embedded PostgreSQL',
    'PostgreSQL 15 or newer to use in place of the embedded one.',
  ),
  databaseUrlMigrate: secret(
    postgresUrl,
    'the same as DATABASE_URL',
    'The same database, as the role that owns its tables: for migrations and the commands of parley.',
  ),
  databaseUrlNotify: secret(
    postgresUrl,
    'the same as DATABASE_URL',
    'The same database, as the role of the event stream, which only reads.',
  ),
  redisUrl: secret(redisUrl, 'no Redis', 'Redis in which servers count together what each limits.'),
  chatPort: setting(port, '6688', 'Port of the chat server and the web client.'),
  notifyPort: setting(port, '6687', 'Port of the event stream.'),
  bind: setting(address, '127.0.0.1', 'Network address that both servers listen on.'),
  chatMetricsPort: setting(portOrNone, '0', 'Port of the metrics of the chat server.'),
  notifyMetricsPort: setting(portOrNone, '0', 'Port of the metrics of the event stream.'),
  metricsBind: setting(address, '127.0.0.1', 'Network address that the metrics listen on.'),
  dataDir: {
    ...setting(path, dataDir, 'Folder of the database, the files and the keys.'),
    otherwise: '.parley in the project',
  },
  webDir: {
    ...setting(path, webDir, 'Folder of the built web client.'),
    otherwise: 'apps/web/dist in the project',
  },
  publicUrl: optional(
    origin,
    'http://localhost with the chat port',
    'Address at which people open Parley.',
  ),
  eventsUrl: optional(
    origin,
    "the public URL's host with the notify port",
    'Address of the event stream as browsers see it.',
  ),
  allowedOrigins: optional(origins, 'none', 'Other web addresses whose pages may call the API.'),
  trustedProxies: optional(
    networks,
    'none',
    'Proxies that say in X-Forwarded-For where a request comes from.',
  ),
  allowInsecureHttp: setting(
    flag,
    'off',
    'Lets addresses be http on a network; passwords and files can be overheard.',
  ),
  signup: setting(oneOf('open', 'invite', 'closed'), 'open', 'Who may make an account.'),
  passwordMinLength: setting(whole(8, 64), '12', 'Fewest characters of a password.'),
  smtpUrl: secret(
    smtpUrl,
    'no mail',
    'Mail server, such as smtps://user:password@mail.example.org.',
  ),
  mailFrom: optional(text(256), 'none', 'Sender of mail, such as Parley <parley@example.org>.'),
  devMailLog: setting(
    flag,
    'off',
    'Writes mail to the log where there is no mail server, with the links in it; to develop with.',
  ),
  oidcIssuer: optional(issuer, 'no such sign-in', 'OpenID provider that people may sign in with.'),
  oidcClientId: optional(text(256), 'none', 'Id that the provider knows Parley by.'),
  oidcClientSecret: secret(text(256), 'none', 'Secret that the provider gave with the id.'),
  oidcClientSecretFile: optional(path, 'none', 'File with that secret, for container secrets.'),
  oidcName: setting(text(64), 'OpenID', 'Name of the provider on the sign-in page.'),
  rateLimits: setting(flag, 'on', 'Limits on requests; off is for load tests only.'),
  instanceName: setting(text(64), 'Parley', 'Name shown on the sign-in page.'),
  messageMaxLength: setting(whole(1, 32_000), '8000', 'Most characters of a message.'),
  groupMaxMembers: setting(whole(2, 200), '50', 'Most people in a group.'),
  maxFileSize: setting(bytes(1), '100 MiB', 'Largest file that is taken.'),
  userQuota: setting(bytes(0), '10 GiB', 'Room for the files of one person; 0 for no limit.'),
  workspaceQuota: setting(
    bytes(0),
    '100 GiB',
    'Room for the files in the channels of one workspace; 0 for no limit.',
  ),
  instanceQuota: setting(bytes(0), '0', 'Room for all files together; 0 for no limit.'),
  filesOrigin: optional(
    origin,
    'where the API is',
    'Another address of the chat server, from which browsers get files: apart from the client.',
  ),
  storage: setting(
    oneOf('local', 's3'),
    'local',
    'Where files are: a folder of the data folder, or a store that speaks S3.',
  ),
  s3Endpoint: optional(origin, 'none', 'Address of the store; https, unless on this machine.'),
  s3Region: setting(text(64), 'us-east-1', 'Region of the bucket, as the store calls it.'),
  s3Bucket: optional(bucket, 'none', 'Bucket for files, which must be there already.'),
  s3Prefix: optional(prefix, 'none', 'What the names of all objects begin with.'),
  s3AccessKey: secret(text(256), 'none', 'Id of the key to the store.'),
  s3SecretKey: secret(text(256), 'none', 'The key to the store.'),
  s3SecretKeyFile: optional(path, 'none', 'File with the key to the store, for container secrets.'),
  eventRetentionDays: setting(
    whole(1, 365),
    '7',
    'Days for which a client that was away can catch up event by event.',
  ),
  auditRetentionDays: setting(
    daysOrEver(30, 3650),
    '365',
    'Days after which entries of the audit log are dropped; 0 to keep all.',
  ),
  keyRotationDays: setting(
    whole(1, 365),
    '60',
    'Days after which another key signs access tokens.',
  ),
  poolSize: setting(whole(2, 100), '10', 'Most database connections of each server.'),
  logLevel: setting(
    oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    'info',
    'Least important log lines that are written.',
  ),
  masterKey: secret(
    key,
    'the key in secrets.json',
    'Key that encrypts the other keys in the database.',
  ),
  masterKeyFile: optional(
    path,
    'the key in secrets.json',
    'File with the master key, for container secrets.',
  ),
}

export type Settings = typeof settings
export type SettingName = keyof Settings

export const settingNames = Object.keys(settings).filter(
  (name): name is SettingName => name in settings,
)

/** Its key in a YAML file: `chatPort` is `chat_port`. */
export const yamlName = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const unprefixed = new Set(['databaseUrl', 'redisUrl'])

/** Its environment variable: `chatPort` is `PARLEY_CHAT_PORT`. */
export const variable = (name: string): string =>
  (unprefixed.has(name) ? '' : 'PARLEY_') + yamlName(name).toUpperCase()
