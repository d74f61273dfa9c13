import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { listSettings } from './list.ts'
import { loadConfig } from './load.ts'

function yaml(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-config-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'parley.yaml')
  writeFileSync(file, text)
  return file
}

test('without any setting everything has a value that works on this machine', () => {
  const config = loadConfig({})
  expect(config).toMatchObject({
    chatPort: 6688,
    publicUrl: 'http://localhost:6688',
    eventsUrl: 'http://localhost:6687',
    signup: 'open',
    rateLimits: true,
    databaseUrl: undefined,
  })
  expect(Object.isFrozen(config)).toBe(true)
})

test('the addresses follow the ports and the public host', () => {
  expect(loadConfig({ PARLEY_CHAT_PORT: '80', PARLEY_NOTIFY_PORT: '81' })).toMatchObject({
    publicUrl: 'http://localhost:80',
    eventsUrl: 'http://localhost:81',
  })
  expect(loadConfig({ PARLEY_PUBLIC_URL: 'https://chat.example.org/' })).toMatchObject({
    publicUrl: 'https://chat.example.org',
    eventsUrl: 'https://chat.example.org:6687',
  })
})

test('the audit log is kept for thirty days at least, or for ever', () => {
  const days = (text: string) =>
    loadConfig({ PARLEY_AUDIT_RETENTION_DAYS: text }).auditRetentionDays
  expect(loadConfig({}).auditRetentionDays).toBe(365)
  expect([days('0'), days('30'), days('3650')]).toEqual([0, 30, 3650])
  for (const text of ['1', '29', '3651', '00', '-1', 'ever'])
    expect(() => days(text)).toThrow(/must be a whole number from 30 to 3650, or 0/)
})

test('trusted proxies are addresses and blocks, and never all there are', () => {
  const proxies = (text: string) => loadConfig({ PARLEY_TRUSTED_PROXIES: text }).trustedProxies
  expect(loadConfig({}).trustedProxies).toBeUndefined()
  expect(proxies('127.0.0.1, 10.0.0.0/8,::1,fd00::/8')).toEqual([
    '127.0.0.1',
    '10.0.0.0/8',
    '::1',
    'fd00::/8',
  ])
  for (const text of [
    'proxy.example.org',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '::/0',
    '10.0.0.0/08',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'fd00::/129',
    'fe80::1%eth0',
    '127.0.0.1,',
    'true',
    '1',
  ])
    expect(() => proxies(text)).toThrow('PARLEY_TRUSTED_PROXIES must be IP addresses and blocks')
})

test('a YAML file holds the same settings and the environment wins', () => {
  const file = yaml(
    'chat_port: 7000\nnotify_port: 7001\nrate_limits: off\nallowed_origins: [https://a.example, https://b.example]',
  )
  expect(loadConfig({ PARLEY_CONFIG: file, PARLEY_NOTIFY_PORT: '7002' })).toMatchObject({
    chatPort: 7000,
    notifyPort: 7002,
    rateLimits: false,
    allowedOrigins: ['https://a.example', 'https://b.example'],
  })
})

test('one error names everything that is wrong and shows no secret', () => {
  const file = yaml('chat_prot: 1\nsignup: maybe\nmaster_key: hunter2')
  const wrong = {
    PARLEY_CONFIG: file,
    PARLEY_COLOUR: 'red',
    PARLEY_CHAT_PORT: '65536',
    PARLEY_PUBLIC_URL: 'chat.example.org',
    DATABASE_URL: 'mysql://me:hunter2@db/parley',
  }
  expect(() => loadConfig(wrong)).toThrow(
    [
      'Parley cannot start with these settings:',
      'PARLEY_COLOUR is not a setting.',
      `chat_prot in ${file} is not a setting.`,
      'DATABASE_URL must be a URL that begins with postgres://.',
      'PARLEY_CHAT_PORT must be a port from 1 to 65535 that browsers connect to, not "65536".',
      'PARLEY_PUBLIC_URL must be an address like https://chat.example.org, without a path, not "chat.example.org".',
      `signup in ${file} must be one of open, invite, closed, not "maybe".`,
      `master_key in ${file} must be 32 random bytes in base64url (43 characters).`,
    ].join('\n  '),
  )
})

test('a settings file that is missing or no YAML is one sentence without its content', () => {
  expect(() => loadConfig({ PARLEY_CONFIG: '/nowhere/parley.yaml' })).toThrow(
    '/nowhere/parley.yaml does not exist.',
  )
  const file = yaml('master_key: [hunter2')
  expect(() => loadConfig({ PARLEY_CONFIG: file })).toThrow(
    new RegExp(`${file} is not valid YAML.$`),
  )
})

test('an http address on a network is refused unless that is allowed', () => {
  const open = { PARLEY_PUBLIC_URL: 'http://chat.example.org' }
  expect(() => loadConfig(open)).toThrow(/PARLEY_PUBLIC_URL must be https/)
  expect(loadConfig({ ...open, PARLEY_ALLOW_INSECURE_HTTP: 'true' }).publicUrl).toBe(
    'http://chat.example.org',
  )
  expect(loadConfig({ PARLEY_PUBLIC_URL: 'http://127.0.0.1:6688' }).publicUrl).toBe(
    'http://127.0.0.1:6688',
  )
})

test('settings that contradict each other are refused', () => {
  expect(() => loadConfig({ PARLEY_CHAT_PORT: '6687' })).toThrow(
    'PARLEY_CHAT_PORT and PARLEY_NOTIFY_PORT must differ.',
  )
})

test('metrics are off unless they get a port, and no two servers get the same one', () => {
  expect(loadConfig({ PARLEY_CHAT_METRICS_PORT: '0' })).toMatchObject({
    chatMetricsPort: 0,
    notifyMetricsPort: 0,
    metricsBind: '127.0.0.1',
  })
  expect(() =>
    loadConfig({ PARLEY_CHAT_METRICS_PORT: '9464', PARLEY_NOTIFY_METRICS_PORT: '9464' }),
  ).toThrow(/settings:\n {2}PARLEY_CHAT_METRICS_PORT and PARLEY_NOTIFY_METRICS_PORT must differ\.$/)
  expect(() => loadConfig({ PARLEY_NOTIFY_METRICS_PORT: '6688' })).toThrow(
    'PARLEY_CHAT_PORT and PARLEY_NOTIFY_METRICS_PORT must differ.',
  )
  expect(() => loadConfig({ PARLEY_CHAT_METRICS_PORT: 'on' })).toThrow(
    'PARLEY_CHAT_METRICS_PORT must be a port from 1 to 65535, or 0 for none, not "on".',
  )
})

test('the list of settings shows values and hides secrets', () => {
  const lines = listSettings(loadConfig({ DATABASE_URL: 'postgres://me:hunter2@db/parley' }))
  expect(lines.find(({ variable }) => variable === 'DATABASE_URL')?.value).toBe('(set)')
  expect(lines.find(({ variable }) => variable === 'PARLEY_SIGNUP')?.value).toBe('open')
  expect(JSON.stringify(lines)).not.toContain('hunter2')
})

test('a port that browsers refuse to connect to is refused here too', () => {
  for (const port of ['6000', '6667', '6697']) {
    expect(() => loadConfig({ PARLEY_NOTIFY_PORT: port })).toThrow(
      `PARLEY_NOTIFY_PORT must be a port from 1 to 65535 that browsers connect to, not "${port}".`,
    )
  }
})

const store = {
  PARLEY_STORAGE: 's3',
  PARLEY_S3_ENDPOINT: 'https://s3.example.org',
  PARLEY_S3_BUCKET: 'parley',
  PARLEY_S3_ACCESS_KEY: 'id',
  PARLEY_S3_SECRET_KEY: 'hunter2',
}

test('a store for files needs an address, a bucket and keys, which nobody is shown', () => {
  expect(() => loadConfig({ PARLEY_STORAGE: 's3' })).toThrow(
    [
      'settings:',
      'PARLEY_S3_ENDPOINT is needed for an S3 store.',
      'PARLEY_S3_BUCKET is needed for an S3 store.',
      'PARLEY_S3_ACCESS_KEY is needed for an S3 store.',
      'PARLEY_S3_SECRET_KEY or PARLEY_S3_SECRET_KEY_FILE is needed for an S3 store.',
    ].join('\n  '),
  )
  const config = loadConfig({ ...store, PARLEY_S3_PREFIX: 'chat/files' })
  expect(config).toMatchObject({ s3Region: 'us-east-1', s3Prefix: 'chat/files/' })
  expect(JSON.stringify(listSettings(config))).not.toContain('hunter2')
  for (const prefix of ['/x', 'a//b', '../x', 'a/../b', '.', 'a b'])
    expect(() => loadConfig({ ...store, PARLEY_S3_PREFIX: prefix })).toThrow('separated by slashes')
})

test('a store is spoken to by https, and takes no file that it could not hold', () => {
  const open = { ...store, PARLEY_S3_ENDPOINT: 'http://s3.example.org' }
  expect(() => loadConfig(open)).toThrow(/PARLEY_S3_ENDPOINT must be https/)
  expect(loadConfig({ ...open, PARLEY_ALLOW_INSECURE_HTTP: 'on' }).storage).toBe('s3')
  expect(loadConfig({ ...open, PARLEY_S3_ENDPOINT: 'http://127.0.0.1:9000' }).storage).toBe('s3')
  expect(() => loadConfig({ ...store, PARLEY_MAX_FILE_SIZE: '79 GiB' })).toThrow(
    'PARLEY_MAX_FILE_SIZE may be at most',
  )
})

test('an OpenID provider is named whole, by https unless it is on this machine', () => {
  const provider = {
    PARLEY_OIDC_ISSUER: 'https://login.example.org/realms/people',
    PARLEY_OIDC_CLIENT_ID: 'parley',
    PARLEY_OIDC_CLIENT_SECRET: 'hunter2',
  }
  expect(loadConfig(provider)).toMatchObject({
    oidcIssuer: 'https://login.example.org/realms/people',
    oidcName: 'OpenID',
  })
  for (const PARLEY_OIDC_ISSUER of ['http://localhost:4000', 'http://127.0.0.1:4000/'])
    expect(loadConfig({ ...provider, PARLEY_OIDC_ISSUER }).oidcIssuer).toBe(PARLEY_OIDC_ISSUER)
  for (const PARLEY_OIDC_ISSUER of [
    'http://login.example.org',
    'http://127.0.0.1.example.org',
    'login.example.org',
    'https://login.example.org/?realm=people',
    'https://login.example.org/#',
    'https://me@login.example.org',
  ])
    expect(() =>
      loadConfig({ ...provider, PARLEY_OIDC_ISSUER, PARLEY_ALLOW_INSECURE_HTTP: 'on' }),
    ).toThrow(/PARLEY_OIDC_ISSUER must be an address/)
  for (const name of Object.keys(provider))
    expect(() => loadConfig({ ...provider, [name]: undefined })).toThrow(/belong together/)
  expect(() => loadConfig({ ...provider, PARLEY_OIDC_CLIENT_SECRET_FILE: '/secret' })).toThrow(
    /Only one of PARLEY_OIDC_CLIENT_SECRET and/,
  )
})
