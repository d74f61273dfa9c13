import { request } from 'node:http'
import { connect } from 'node:net'
import { machineClock } from '@parley/core/clock'
import { issueToken } from '@parley/core/tokens/issue'
import { generateKeyPair } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '@parley/core/testing/until'
import { type TestStream, openStream } from './fixtures/sse.ts'
import { type Person, World, publicUrl } from './fixtures/world.ts'

let world: World
let url: string
let ann: Person

beforeAll(async () => {
  world = await World.create()
  url = await world.server({ allowedOrigins: ['https://other.test'] })
  ann = await world.person()
})
afterAll(() => world.end())

test('the stream says what it is, that nothing may keep it, and that it is connected', async () => {
  const stream = await (await openStream(url, { token: ann.token })).ready()
  expect(stream.status).toBe(200)
  expect(stream.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  })
  expect(stream.headers['set-cookie']).toBeUndefined()
  expect(stream.text).toMatch(/^: connected\nretry: \d+\n\nid: \S+\nevent: ready\ndata: \{/)
  stream.close()
})

test('AU-04: only one well-formed bearer token opens a stream', async () => {
  const { privateKey } = await generateKeyPair('Ed25519')
  const foreign = await issueToken(
    { kid: 'x', key: privateKey },
    publicUrl,
    ann.id,
    ann.sessionId,
    machineClock,
  )
  const good = `Bearer ${ann.token}`
  const refused: [string, Record<string, string | string[]>][] = [
    ['/events', {}],
    ['/events', { authorization: `bearer ${ann.token}` }],
    ['/events', { authorization: `${good}, ${good}` }],
    ['/events', { authorization: [good, good] }],
    ['/events', { authorization: `${good}x` }],
    ['/events', { authorization: `Bearer ${foreign}` }],
    ['/events', { authorization: `Bearer ${'a'.repeat(12_000)}` }],
    ['/events', { cookie: `token=${ann.token}` }],
    [`/events?token=${ann.token}`, {}],
    [`/events?access_token=${ann.token}`, {}],
    [`/events?ticket=${ann.token}`, {}],
    ['/events?ticket=', {}],
  ]
  for (const [path, headers] of refused) {
    const stream = await openStream(url, { path, headers })
    await until(() => stream.ended)
    expect([path, stream.status]).toEqual([path, 401])
    expect(stream.headers['content-type']).toBe('application/problem+json')
    expect(JSON.parse(stream.text)).toMatchObject({ code: 'not_signed_in' })
  }
})

test('a ticket works once and not after its time', async () => {
  const ticket = await world.ticket(ann)
  const first = await (await openStream(url, { path: `/events?ticket=${ticket}` })).ready()
  expect(first.has('ready')).toBe(true)
  expect((await openStream(url, { path: `/events?ticket=${ticket}` })).status).toBe(401)
  const late = await world.ticket(ann)
  await world.query("update event_tickets set expires_at = now() - interval '1 second'")
  expect((await openStream(url, { path: `/events?ticket=${late}` })).status).toBe(401)
  first.close()
})

test('a cursor in the query resumes, and the header is newer', async () => {
  const path = '/events?last_event_id=nonsense'
  expect((await openStream(url, { path, token: ann.token })).status).toBe(400)
  const stream = await (await openStream(url, { token: ann.token })).ready()
  expect((await openStream(url, { path, token: ann.token, cursor: stream.lastId })).status).toBe(
    200,
  )
})

test('on loopback its three names are one place', async () => {
  const local = await world.server({ publicUrl: 'http://localhost:6688' })
  for (const origin of ['http://localhost:6688', 'http://127.0.0.1:6688', 'http://[::1]:6688']) {
    const preflight = await openStream(local, { method: 'OPTIONS', headers: { origin } })
    expect(preflight.headers['access-control-allow-origin']).toBe(origin)
  }
})

test('WB-02: pages of allowed origins may read the stream, others may not', async () => {
  for (const [origin, allowed] of [
    [publicUrl, publicUrl],
    ['https://other.test', 'https://other.test'],
    ['https://evil.test', undefined],
    ['null', undefined],
  ] as const) {
    const stream = await openStream(url, { token: ann.token, headers: { origin } })
    expect(stream.headers['access-control-allow-origin']).toBe(allowed)
    expect(stream.headers.vary).toContain('Origin')
    expect(stream.headers['access-control-allow-credentials']).toBeUndefined()
    stream.close()
  }
  const preflight = await openStream(url, { method: 'OPTIONS', headers: { origin: publicUrl } })
  expect(preflight.status).toBe(204)
  expect(preflight.headers['access-control-allow-headers']).toMatch(/Authorization, Last-Event-ID/)
})

test('other methods and addresses are refused as problems', async () => {
  for (const [method, path, status] of [
    ['POST', '/events', 405],
    ['HEAD', '/events', 405],
    ['GET', '/', 404],
    ['GET', '//', 404],
    ['GET', '/events/', 404],
    ['GET', '/healthz', 200],
    ['GET', '/readyz', 200],
  ] as const) {
    const reply = await openStream(url, { method, path, token: ann.token })
    expect([path, reply.status]).toEqual([path, status])
    expect(reply.headers['x-content-type-options']).toBe('nosniff')
    reply.close()
  }
})

test('AU-08: a revoked session ends its streams at once and opens no other', async () => {
  const person = await world.person()
  const elsewhere = await world.signIn(person.id)
  const stream = await (await openStream(url, { token: person.token })).ready()
  const other = await (await openStream(url, { token: elsewhere.token })).ready()
  const from = performance.now()
  await world.query('update sessions set revoked_at = now() where id = $1', [person.sessionId])
  await until(() => stream.ended)
  expect(performance.now() - from).toBeLessThan(1000)
  expect(stream.signals.at(-1)).toEqual({ kind: 'bye', data: { reason: 'session_revoked' } })
  await until(() => other.kinds().includes('SessionRevoked'))
  expect(other.ended).toBe(false)
  expect((await openStream(url, { token: person.token })).status).toBe(401)
  await world.query("update users set status = 'disabled' where id = $1", [person.id])
  expect((await openStream(url, { token: elsewhere.token })).status).toBe(401)
})

test('DO-02: one person has at most twenty streams; the oldest gives way', async () => {
  const person = await world.person()
  const streams: TestStream[] = []
  for (let n = 0; n < 21; n++)
    streams.push(await (await openStream(url, { token: person.token })).ready())
  await until(() => streams[0]?.ended)
  expect(streams[0]?.signals.at(-1)?.data).toEqual({ reason: 'too_many_streams' })
  expect(streams.slice(1).every((stream) => !stream.ended)).toBe(true)
})

test('DO-02: a full server sends clients with a token away and lets an EventSource come back', async () => {
  const full = await world.server({ maxStreams: 1 })
  const stream = await (await openStream(full, { token: ann.token })).ready()
  const refused = await openStream(full, { token: ann.token })
  expect(refused.status).toBe(503)
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  const native = await openStream(full, { path: `/events?ticket=${await world.ticket(ann)}` })
  await until(() => native.ended)
  expect(native.status).toBe(200)
  expect(native.text).toMatch(/^retry: \d+\n\n$/)
  stream.close()
  await until(async () => (await openStream(full, { token: ann.token })).status === 200)
})

test('a reader of HTTP/1.0 gets the same stream without chunks', async () => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (part: string) => (text += part))
  socket.write(`GET /events HTTP/1.0\r\nAuthorization: Bearer ${ann.token}\r\n\r\n`)
  await until(() => text.includes('event: ready'))
  expect(text).toMatch(/\r\n\r\n: connected\nretry: \d+\n\nid: /)
  expect(text).not.toMatch(/transfer-encoding/i)
  socket.destroy()
})

test('DO-01: a client that is slow to ask is cut off, and a body is not taken', async () => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const from = performance.now()
  socket.write('GET /events HTTP/1.1\r\nHost: x\r\nX-Slow: ')
  await new Promise((resolve) => socket.resume().on('close', resolve))
  expect(performance.now() - from).toBeLessThan(15_000)
  const status = await new Promise((resolve) => {
    const headers = { authorization: `Bearer ${ann.token}`, 'content-length': '5' }
    const sent = request(new URL('/events', url), { headers, agent: false })
    sent.on('response', (response) => resolve(response.statusCode))
    sent.on('error', () => undefined)
    sent.write('{')
  })
  expect(status).toBe(400)
}, 25_000)

test('AU-09: a stream says when its token is about to end, and ends with it', async () => {
  const token = await world.token(ann.id, ann.sessionId, 4)
  const stream = await (await openStream(url, { token })).ready()
  await until(() => stream.ended)
  expect(stream.signals.map(({ kind }) => kind)).toEqual(['ready', 'reauth', 'bye'])
  expect(stream.signals.at(-1)?.data).toEqual({ reason: 'token_expired' })
  const refused = await openStream(url, { token })
  expect(refused.status).toBe(401)
})
