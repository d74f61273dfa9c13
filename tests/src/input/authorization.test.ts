import { randomBytes, randomUUID } from 'node:crypto'
import { createPool } from '@parley/core/db/pool'
import { loadSecrets } from '@parley/core/secrets'
import { machineClock } from '@parley/core/clock'
import { issueToken } from '@parley/core/tokens/issue'
import { signingKey } from '@parley/core/tokens/keys'
import { type CryptoKey, generateKeyPair } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ChatServer, sendRaw, startChat } from './kit.ts'
import { expectProblem } from './problem.ts'
import { type World, makeWorld } from './world.ts'

let server: ChatServer
let world: World
let kid: string
let key: CryptoKey
let userId: number
let sessionId: number
beforeAll(async () => {
  server = await startChat()
  world = await makeWorld(server)
  const pool = createPool({ url: server.databaseUrl, max: 1, name: 'test' })
  const signing = await signingKey(pool, loadSecrets(server.config).masterKey)
  await pool.close()
  kid = signing.kid
  key = signing.key
  const claims: unknown = JSON.parse(fromBase64(world.token.split('.')[1] ?? ''))
  userId = Number(Reflect.get(Object(claims), 'sub'))
  sessionId = Number(Reflect.get(Object(claims), 'sid'))
})
afterAll(() => server.stop())

const fromBase64 = (text: string) => Buffer.from(text, 'base64url').toString('utf8')

/** What a call without a token gets; the request id is the same everywhere. */
const headersFor = (lines: string) =>
  `GET /api/me HTTP/1.1\r\nHost: x\r\nX-Request-Id: the-same-one\r\nConnection: close\r\n${lines}\r\n`

async function ask(lines: string): Promise<{ status: number; bytes: string }> {
  const [reply] = await sendRaw(server.port, Buffer.from(headersFor(lines), 'latin1'))
  if (!reply) throw new Error('no reply')
  const { status, headers, body } = reply
  if (status >= 400) expectProblem({ status, body, header: (name) => headers.get(name) })
  headers.delete('date')
  return { status, bytes: JSON.stringify([...headers]) + body }
}

const withToken = (token: string) => ask(`Authorization: Bearer ${token}\r\n`)

/** Signs any bytes as header and claims with the server's own key. */
async function forge(header: string | Buffer, claims: string | Buffer): Promise<string> {
  const input = [header, claims].map((part) => Buffer.from(part).toString('base64url')).join('.')
  // Not by jose, which signs no header that is wrong.
  const signature = await crypto.subtle.sign('Ed25519', key, Buffer.from(input))
  return `${input}.${Buffer.from(signature).toString('base64url')}`
}

const now = Math.floor(Date.now() / 1000)
const header = () => ({ alg: 'EdDSA', typ: 'at+jwt', kid })
const claims = (): Record<string, unknown> => ({
  sid: String(sessionId),
  iss: server.config.publicUrl,
  aud: ['api', 'notify'],
  sub: String(userId),
  jti: randomUUID(),
  iat: now,
  nbf: now,
  exp: now + 600,
})

const forged = (head: object, body: object) =>
  forge(JSON.stringify({ ...header(), ...head }), JSON.stringify({ ...claims(), ...body }))

/** The claims as text, with one field's JSON replaced. */
const raw = (name: string, json: string) =>
  forge(JSON.stringify(header()), JSON.stringify({ ...claims(), [name]: '@' }).replace('"@"', json))

test('a forged token that is right in everything is taken, so each of the others fails for its one fault', async () => {
  expect((await withToken(world.token)).status).toBe(200)
  expect((await withToken(await forged({}, {}))).status).toBe(200)
  expect(
    (
      await withToken(
        await issueToken({ kid, key }, server.config.publicUrl, userId, sessionId, machineClock),
      )
    ).status,
  ).toBe(200)
})

const expectRefused = async (token: string) => expect(await withToken(token)).toEqual(await ask(''))

test.for([
  [
    'two headers',
    (token: string) => `Authorization: Bearer ${token}\r\nAuthorization: Bearer ${token}\r\n`,
  ],
  [
    'an empty second header',
    (token: string) => `Authorization: Bearer ${token}\r\nAuthorization:\r\n`,
  ],
  ['a list with commas', (token: string) => `Authorization: Bearer ${token}, Bearer ${token}\r\n`],
  ['two tokens', (token: string) => `Authorization: Bearer ${token} ${token}\r\n`],
  ['a lower-case scheme', (token: string) => `Authorization: bearer ${token}\r\n`],
  ['no scheme', (token: string) => `Authorization: ${token}\r\n`],
  ['another scheme', (token: string) => `Authorization: Token ${token}\r\n`],
  ['Basic', (token: string) => `Authorization: Basic ${btoa(`x:${token}`)}\r\n`],
  ['two blanks', (token: string) => `Authorization: Bearer  ${token}\r\n`],
  ['a tab', (token: string) => `Authorization: Bearer\t${token}\r\n`],
  ['quotes', (token: string) => `Authorization: Bearer "${token}"\r\n`],
  [
    'a cookie named token',
    (token: string) =>
      `Cookie: token=${token}; access_token=${token}; Authorization=Bearer ${token}\r\n`,
  ],
  ['the proxy’s header', (token: string) => `Proxy-Authorization: Bearer ${token}\r\n`],
  [
    'headers of our own invention',
    (token: string) => `X-Access-Token: ${token}\r\nX-Authorization: Bearer ${token}\r\n`,
  ],
  ['nothing behind the scheme', () => 'Authorization: Bearer\r\n'],
  ['a token of 15 kB', () => `Authorization: Bearer ${'x'.repeat(15_000)}\r\n`],
  ['a token of 15 kB with dots', () => `Authorization: Bearer ${'x.'.repeat(7_500)}\r\n`],
  ['dots only', () => 'Authorization: Bearer ..\r\n'],
  ['bytes that are no ASCII', (token: string) => `Authorization: Bearer ${token}\xff\r\n`],
] as const)('a good token counts in one plain header only, not in %s', async ([, lines]) => {
  expect(await ask(lines(world.token))).toEqual(await ask(''))
})

test('AU-04: a token in the query is refused, beside a good header as well', async () => {
  for (const name of ['token', 'access_token', 'ticket']) {
    const alone = await fetch(`${server.url}/api/me?${name}=${world.token}`)
    expect(alone.status).toBe(401)
    const headers = { authorization: `Bearer ${world.token}` }
    const beside = await fetch(`${server.url}/api/me?${name}=${world.token}`, { headers })
    expect(beside.status).toBe(400)
    expect(await beside.text()).not.toContain(world.token)
  }
})

test('AU-03: a token of 64 kB is more than headers may have', async () => {
  const [reply] = await sendRaw(
    server.port,
    headersFor(`Authorization: Bearer ${'x'.repeat(64 << 10)}\r\n`),
  )
  expect(reply?.status).toBe(431)
})

const wrongClaims: [string, object][] = [
  ['exp as text', { exp: String(now + 600) }],
  ['exp with a fraction', { exp: now + 599.5 }],
  ['exp for ever', { exp: 1e308 }],
  ['exp in milliseconds', { exp: (now + 600) * 1000 }],
  ['exp in a day', { exp: now + 86_400 }],
  ['exp below zero', { exp: -1 }],
  ['exp in the past', { exp: now - 31 }],
  ['exp as a list', { exp: [now + 600] }],
  ['exp null', { exp: null }],
  ['no exp', { exp: undefined }],
  ['iat as text', { iat: String(now) }],
  ['iat in the future', { iat: now + 3600, exp: now + 4200 }],
  ['no iat', { iat: undefined }],
  ['nbf in the future', { nbf: now + 300 }],
  ['nbf as text', { nbf: String(now) }],
  ['no nbf', { nbf: undefined }],
  ['sub as a number', { sub: 1 }],
  ['sub as a list', { sub: ['1'] }],
  ['sub as an object', { sub: { $ne: 1 } }],
  ['sub zero', { sub: '0' }],
  ['sub below zero', { sub: '-1' }],
  ['sub with a zero in front', { sub: '01' }],
  ['sub beyond 2^53', { sub: '9007199254740993' }],
  ['sub as a prototype', { sub: '__proto__' }],
  ['sub null', { sub: null }],
  ['no sub', { sub: undefined }],
  ['sid as a number', { sid: 1 }],
  ['sid as a list', { sid: ['1'] }],
  ['sid true', { sid: true }],
  ['no sid', { sid: undefined }],
  ['no jti', { jti: undefined }],
  ['jti as a number', { jti: 1 }],
  ['another issuer', { iss: 'http://elsewhere' }],
  ['issuers in a list', { iss: ['http://elsewhere'] }],
  ['another audience', { aud: 'files' }],
  ['no audience', { aud: undefined }],
  ['the audience as an object', { aud: { api: true } }],
]

test.for(wrongClaims)('a token signed by us with %s is none', async ([, body]) => {
  await expectRefused(await forged({}, body))
})

const wrongHeaders: [string, object][] = [
  ['alg none', { alg: 'none' }],
  ['alg HS256', { alg: 'HS256' }],
  ['alg in another case', { alg: 'eddsa' }],
  ['alg as a list', { alg: ['EdDSA'] }],
  ['typ JWT', { typ: 'JWT' }],
  ['no typ', { typ: undefined }],
  ['an unknown kid', { kid: 'another' }],
  ['a kid as a list', { kid: ['x'] }],
  ['a kid that is SQL', { kid: `' or 1=1 --` }],
  ['no kid', { kid: undefined }],
  ['its own key', { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' } }],
  ['the address of its key', { jku: 'http://127.0.0.1:1/keys' }],
  ['certificates', { x5u: 'http://127.0.0.1:1/keys' }],
  ['a critical extension', { crit: ['exp'] }],
  ['an unencoded payload', { b64: false, crit: ['b64'] }],
]

test.for(wrongHeaders)('a token signed by us with %s in its header is none', async ([, head]) => {
  await expectRefused(await forged(head, {}))
})

test('AU-03: a token whose JSON can be read in two ways is none', async () => {
  const [head, body] = [JSON.stringify(header()), JSON.stringify(claims())]
  const twice = body.replace('"sub":', `"sub":"1","sub":`)
  await expectRefused(await forge(head, twice))
  await expectRefused(await forge(head.replace('"kid":', '"kid":"x","kid":'), body))
  await expectRefused(await forge(head, body.replace('{', '{"__proto__":{"sub":"1"},')))
  await expectRefused(await raw('exp', '1e400'))
  await expectRefused(await raw('exp', `${now + 600}.0`))
  await expectRefused(
    await raw('sub', `"\\u003${String(userId).charAt(0)}${String(userId).slice(1)}"`),
  )
  await expectRefused(await forge(head, `${body} `))
  await expectRefused(await forge(head, `${body}{}`))
  await expectRefused(await forge(head, `\uFEFF${body}`))
  await expectRefused(
    await forge(
      head,
      Buffer.concat([Buffer.from(body.slice(0, -1)), Buffer.from(',"x":"\xff"}', 'latin1')]),
    ),
  )
  await expectRefused(await forge(head, '[]'))
  await expectRefused(await forge(head, 'null'))
  await expectRefused(await forge(head, '['.repeat(200)))
})

test('AU-03: a token is taken as it was written and in no other spelling', async () => {
  const [head = '', body = '', signature = ''] = world.token.split('.')
  const last = signature.at(-1) ?? ''
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  // The last character of 64 bytes carries two bits; four that are not looked at could be anything.
  const sibling = alphabet[alphabet.indexOf(last) ^ 1] ?? ''
  for (const token of [
    `${head}.${body}.${signature}=`,
    `${head}.${body}.${signature}==`,
    `${head}=.${body}.${signature}`,
    `${head}.${body}.${signature}A`,
    `${head}.${body}.${signature}.`,
    `${head}.${body}.${signature}.${signature}`,
    `${head}.${body}.${signature.slice(0, -1)}${sibling}`,
    `${head}.${body}.${signature.replaceAll('-', '+').replaceAll('_', '/')}/`,
    `${head}.${body}.`,
    `${head}..${signature}`,
    `${head}.${body}`,
    `.${head}.${body}.${signature}`,
    `${head}.${body}.${randomBytes(64).toString('base64url')}`,
    `${head}%2e${body}.${signature}`,
  ])
    await expectRefused(token)
})

test('AU-01: a token signed by another key under our kid is none', async () => {
  const { privateKey } = await generateKeyPair('Ed25519')
  await expectRefused(
    await issueToken(
      { kid, key: privateKey },
      server.config.publicUrl,
      userId,
      sessionId,
      machineClock,
    ),
  )
})

test('AU-03: refusing a token costs less than 5 ms of CPU', async () => {
  const tokens = await Promise.all(
    Array.from({ length: 100 }, (_, at) => forged({}, { sub: '0', jti: String(at) })),
  )
  const before = process.cpuUsage()
  for (const token of tokens) {
    const reply = await fetch(`${server.url}/api/me`, {
      headers: { authorization: `Bearer ${token}` },
    })
    await reply.arrayBuffer()
  }
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1000 / tokens.length).toBeLessThan(5)
})
