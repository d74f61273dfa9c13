import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer, request } from 'node:http'
import { getMe, listChats } from '@parley/contract'
import { createPool } from '@parley/core/db/pool'
import { freePort } from '@parley/core/free-port'
import { loadSecrets } from '@parley/core/secrets'
import { until } from '@parley/core/testing/until'
import { createKeySet } from '@parley/core/tokens/key-set'
import { signingKey } from '@parley/core/tokens/keys'
import { machineClock } from '@parley/core/clock'
import { createVerifier } from '@parley/core/tokens/verify'
import { SignJWT, exportJWK } from 'jose'
import { afterAll, expect, test } from 'vitest'
import { caller } from '../fixtures/call.ts'
import { startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const anna = await server.person()
const signing = await signingKey(server.pool, loadSecrets(server.config).masterKey)

const now = () => Math.floor(Date.now() / 1000)
const claims = (more: Record<string, unknown> = {}) => ({
  iss: server.config.publicUrl,
  aud: ['api', 'notify'],
  sub: String(anna.id),
  sid: String(anna.sessionId),
  jti: randomUUID(),
  iat: now(),
  nbf: now(),
  exp: now() + 600,
  ...more,
})
const header = (more: Record<string, unknown> = {}) => ({
  alg: 'EdDSA',
  typ: 'at+jwt',
  kid: signing.kid,
  ...more,
})
const sign = (payload: object, head: object = header(), key = signing.key) =>
  new SignJWT({ ...payload }).setProtectedHeader({ alg: 'EdDSA', ...head }).sign(key)
const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

const outcome = (token: string) => caller(server.url, token).outcome(getMe, {})

test('a token that we signed is good', async () => {
  expect(await outcome(await sign(claims()))).toBe('200')
})

test('AU-01: no other key, algorithm or address in the header makes a token good', async () => {
  let asked = 0
  const port = await freePort()
  const listener = createServer((_request, response) => {
    asked++
    response.end('{}')
  })
  await new Promise<void>((resolve) => listener.listen(port, resolve))
  const canary = `http://127.0.0.1:${port}/keys`
  const publicJwk = await server.value('select public_jwk from signing_keys')
  const stranger = generateKeyPairSync('ed25519')
  const strangerJwk = await exportJWK(stranger.publicKey)
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const hmac = (key: string) => {
    const text = `${part(header({ alg: 'HS256' }))}.${part(claims())}`
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
  }
  const [head, body, signature = ''] = (await sign(claims())).split('.')
  const forged = [
    `${part(header({ alg: 'none' }))}.${body}.`,
    `${part(header({ alg: 'none' }))}.${body}.${signature}`,
    hmac(JSON.stringify(publicJwk)),
    hmac(''),
    await new SignJWT(claims()).setProtectedHeader(header({ alg: 'RS256' })).sign(rsa.privateKey),
    await new SignJWT(claims()).setProtectedHeader(header({ alg: 'ES256' })).sign(ec.privateKey),
  ]
  for (const more of [
    {},
    { jwk: strangerJwk },
    { jku: canary },
    { x5u: canary },
    { kid: undefined },
    { kid: '../../x' },
    { kid: "' or 1=1 --" },
    { kid: 'x'.repeat(500) },
    { crit: ['exp'], exp: 1 },
  ]) {
    const key = stranger.privateKey
    forged.push(
      await new SignJWT(claims())
        .setProtectedHeader(header(more))
        .sign(key, { crit: { exp: true } }),
    )
  }
  forged.push(`${head}.${part(claims({ sub: '1' }))}.${signature}`)
  forged.push(`${head}.${body}.${signature.slice(0, -4)}AAAA`)
  forged.push(`${head}.${body}.${'A'.repeat(10_000)}`)
  for (const token of forged) expect(await outcome(token)).toBe('401 not_signed_in')
  expect(asked).toBe(0)
  listener.close()
})

test('AU-02: claims that are missing, of another server, of another time or of another kind are refused', async () => {
  const wrong: Record<string, unknown>[] = [
    { exp: now() - 31 },
    { nbf: now() + 60 },
    { iss: 'https://evil.example' },
    { aud: 'notify' },
    { aud: undefined },
    { sub: undefined },
    { sid: undefined },
    { jti: undefined },
    { exp: undefined },
    { sub: [String(anna.id)] },
    { sub: anna.id },
    { sub: `${anna.id}x` },
    { sub: '-1' },
    { sub: '9'.repeat(30) },
    { exp: String(now() + 600) },
    { exp: -1 },
  ]
  for (const more of wrong) {
    const [head, ,] = (await sign(claims())).split('.')
    const text = `${head}.${part(claims(more))}`
    const signature = await crypto.subtle.sign('Ed25519', signing.key, Buffer.from(text))
    const token = `${text}.${Buffer.from(signature).toString('base64url')}`
    expect(`${JSON.stringify(more)} ${await outcome(token)}`).toBe(
      `${JSON.stringify(more)} 401 not_signed_in`,
    )
  }
  expect(await outcome(await sign(claims(), header({ typ: 'JWT' })))).toBe('401 not_signed_in')
  expect(await outcome(await sign(claims(), header({ typ: undefined })))).toBe('401 not_signed_in')
})

test('AU-04: a token counts only as the one bearer token of the header', async () => {
  const { token } = anna
  const me = (headers: [string, string][], path = '/api/me') =>
    fetch(`${server.url}${path}`, { headers }).then(({ status }) => status)
  expect(await me([['authorization', `Bearer ${token}`]])).toBe(200)
  expect(await me([['authorization', `Bearer ${token}, Bearer ${token}`]])).toBe(401)
  expect(await me([['authorization', `bearer ${token}`]])).toBe(401)
  expect(await me([['authorization', token]])).toBe(401)
  expect(await me([['cookie', `token=${token}`]])).toBe(401)
  expect(await me([], `/api/me?token=${token}`)).toBe(401)
  expect(await me([], `/api/me?access_token=${token}`)).toBe(401)
  // Fetch joins headers that come twice; Node sees both.
  const twice = await new Promise<number>((resolve, reject) => {
    const headers = [
      'host',
      'x',
      'authorization',
      `Bearer ${token}`,
      'authorization',
      `Bearer ${token}`,
    ]
    request(`${server.url}/api/me`, { headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
  expect(twice).toBe(401)
})

test('a server that has just started takes good tokens from all who come at once', async () => {
  const { url } = await server.again()
  const fresh = caller(url, anna.token)
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => fresh.outcome(getMe, {})))
  expect(outcomes).toEqual(Array(20).fill('200'))
})

test('a token that was good is refused once it has expired', async () => {
  // Expired but within the clocks' tolerance, of which a second or so is left.
  const token = await sign(claims({ iat: now() - 600, nbf: now() - 600, exp: now() - 28 }))
  const pool = createPool({ url: String(server.config.databaseUrl), max: 1, name: 'test' })
  const verifier = createVerifier(createKeySet(pool), machineClock, server.config.publicUrl, 'api')
  expect(await verifier.verify(token)).toMatchObject({ userId: anna.id })
  await until(async () => (await verifier.verify(token)) === undefined)
  await pool.close()
})

test('without a token nothing opens but what is open to all', async () => {
  expect(await server.nobody.outcome(listChats, { query: {} })).toBe('401 not_signed_in')
  const response = await fetch(`${server.url}/api/no-such-thing`)
  expect(response.status).toBe(404)
})
