import { loadSecrets } from '@parley/core/secrets'
import { rotateKeys } from '@parley/core/tokens/rotation'
import { until } from '@parley/core/testing/until'
import { type JSONWebKeySet, createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, expect, test } from 'vitest'
import { startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())

const read = () => fetch(`${server.url}/.well-known/jwks.json`)
const states = () =>
  server.value(`select string_agg(state, ' ' order by created_at) from public_keys`)

async function keys(): Promise<JSONWebKeySet> {
  const set: unknown = await (await read()).json()
  // The shape is what the tests are about.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return set as JSONWebKeySet
}

test('the keys are published for everybody, for five minutes, with nothing secret in them', async () => {
  await until(async () => (await states()) === 'active next')
  await until(async () => (await keys()).keys.length === 2)
  const response = await read()
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/jwk-set+json')
  expect(response.headers.get('cache-control')).toBe('public, max-age=300')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  for (const key of (await keys()).keys) {
    expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
    expect(key).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' })
  }
  const stored = JSON.stringify(await server.value('select json_agg(k) from public_keys k'))
  expect(stored).not.toContain('"d"')
})

test('tokens can be checked with them: a retired key is there until its tokens have ended', async () => {
  const { token } = await server.person()
  const checked = async () => jwtVerify(token, createLocalJWKSet(await keys()))
  expect((await checked()).payload.iss).toBe(server.config.publicUrl)
  await rotateKeys(server.pool, loadSecrets(server.config).masterKey, 0)
  await until(async () => (await keys()).keys.length === 3)
  expect((await checked()).payload.iss).toBe(server.config.publicUrl)
  await server.value(
    `update signing_keys set accepted_until = now() where state = 'retired' returning 1`,
  )
  await until(async () => (await keys()).keys.length === 2)
  await expect(checked()).rejects.toThrow('no applicable key')
})

test('a server with another master key says so, and does not start', async () => {
  const other = Buffer.alloc(32, 7).toString('base64url')
  await expect(server.again({ PARLEY_MASTER_KEY: other })).rejects.toThrow('another master key')
})

test('a key whose public part holds the private one is not stored', async () => {
  await expect(
    server.value(
      `update signing_keys set public_jwk = public_jwk || '{"d": "x"}' where state = 'active' returning 1`,
    ),
  ).rejects.toThrow('signing_keys_public')
})
