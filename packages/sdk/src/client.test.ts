import { endpoints } from '@parley/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createClient } from './client.ts'
import { NetworkError, ParleyError, isRefused } from './errors.ts'
import { messageAt } from './testing/frames.ts'
import { type Peer, makeToken, sendJson, sendProblem, startPeer } from './testing/peer.ts'

let peer: Peer
beforeEach(async () => {
  peer = await startPeer()
})
afterEach(() => peer.stop())

const retry = { minMs: 1, maxMs: 4 }
const signedIn = () => createClient({ url: `${peer.url}/`, token: makeToken('me'), retry })
const nonceIn = (body: string): unknown => {
  const sent: unknown = JSON.parse(body)
  return typeof sent === 'object' && sent !== null && 'nonce' in sent ? sent.nonce : undefined
}
const nonces = (): unknown[] => peer.heard.map(({ body }) => nonceIn(body))
const hello = { params: { id: 7 }, body: { content: 'hello' } }
const failing = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    return await call
  } catch (error) {
    return error
  }
}

test('a send is repeated with its nonce, whatever became of the answers before', async () => {
  peer.on('POST /api/chats/7/messages', (_, response) => {
    const n = peer.heard.length
    if (n === 1) response.destroy()
    else if (n === 2) sendProblem(response, 503, 'unavailable', { 'retry-after': '0' })
    else if (n === 3) response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>')
    else if (n === 4) sendProblem(response, 429, 'rate_limited', { 'retry-after': '0' })
    else if (n === 5) response.writeHead(201, { 'content-length': '900' }).end('{"id":')
    else sendJson(response, 201, messageAt(7, 1), { 'x-event-cursor': 'e.1' })
  })
  const { request } = signedIn()
  const reply = await request(endpoints.sendMessage, hello)
  expect([reply.status, reply.body.seq, reply.headers.get('x-event-cursor')]).toEqual([
    201,
    1,
    'e.1',
  ])
  expect(nonces()).toHaveLength(6)
  expect(new Set(nonces()).size).toBe(1)
  expect(nonces()[0]).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  )
})

test('the nonce of the caller is kept', async () => {
  peer.on('POST /api/chats/7/messages', (_, response) => sendJson(response, 200, messageAt(7, 1)))
  await signedIn().sendMessage({ ...hello, body: { content: 'hello', nonce: 'mine' } })
  expect(nonces()).toEqual(['mine'])
})

test('a refusal is certain, unless an attempt before it may have got through', async () => {
  peer.on('POST /api/chats/7/messages', (_, response) =>
    peer.heard.length === 2 ? response.destroy() : sendProblem(response, 403, 'not_a_member'),
  )
  const client = signedIn()
  const certain = await failing(client.sendMessage(hello))
  const doubtful = await failing(client.sendMessage(hello))
  expect([certain, doubtful]).toEqual([expect.any(ParleyError), expect.any(ParleyError)])
  expect([isRefused(certain), isRefused(doubtful)]).toEqual([true, false])
})

test('no other change is repeated after a doubt', async () => {
  peer.on('POST /api/workspaces', (_, response) => response.destroy())
  const error = await failing(signedIn().createWorkspace({ body: { name: 'Acme' } }))
  expect(error).toBeInstanceOf(NetworkError)
  expect([isRefused(error), peer.heard.length]).toEqual([false, 1])
})

test('a problem tells all it knows', async () => {
  peer.on('GET /api/chats/7', (_, response) =>
    sendProblem(response, 429, 'rate_limited', { 'retry-after': '2' }),
  )
  const error = await failing(signedIn().getChat({ params: { id: 7 } }, { retryLimitMs: 0 }))
  expect(error).toMatchObject({
    code: 'rate_limited',
    status: 429,
    request_id: 'r1',
    retryAfterMs: 2000,
  })
})

test('paths are encoded and lists joined; what cannot stand in a path is not sent', async () => {
  peer.on('GET /api/users', (_, response) => sendJson(response, 200, { users: [] }))
  const client = signedIn()
  await client.listUsers({ query: { query: 'a&b=c é', ids: [1, 2] } })
  await failing(client.previewInvite({ params: { code: 'a/b?c' } }))
  expect(peer.heard.map(({ path }) => path)).toEqual([
    '/api/users?query=a%26b%3Dc+%C3%A9&ids=1%2C2',
    '/api/invites/a%2Fb%3Fc',
  ])
  expect(await failing(client.previewInvite({ params: { code: '..' } }))).toBeInstanceOf(TypeError)
  expect(peer.heard).toHaveLength(2)
})

test('calls that meet an old token wait for one refresh and go on with the new one', async () => {
  const fresh = makeToken('fresh')
  peer.on('POST /api/auth/refresh', (_, response) =>
    sendJson(response, 200, { token: fresh }, { 'set-cookie': '__Host-parley_rt=next; HttpOnly' }),
  )
  peer.on('GET /api/me', ({ headers }, response) => {
    if (headers.authorization === `Bearer ${fresh}`) sendJson(response, 200, { id: 1 })
    else sendProblem(response, 401, 'not_signed_in')
  })
  for (const token of [makeToken('refused'), makeToken('ending', 30)]) {
    const client = createClient({ url: peer.url, token, refreshToken: 'first', retry })
    const before = peer.at('/api/auth/refresh').length
    await Promise.all([client.getMe(), client.getMe(), client.getMe()])
    expect(
      peer
        .at('/api/auth/refresh')
        .slice(before)
        .map(({ body }) => body),
    ).toEqual(['{"refresh_token":"first"}'])
    expect(client.tokens()).toEqual({ token: fresh, refresh_token: 'next' })
  }
})

test('sign-in begins a session, a refused refresh ends it', async () => {
  const told: unknown[] = []
  peer.on('POST /api/signin', (_, response) =>
    sendJson(response, 200, { token: 't1', user: {} }, { 'set-cookie': 'parley_rt=r1; Path=/api' }),
  )
  peer.on('GET /api/me', (_, response) => sendProblem(response, 401, 'not_signed_in'))
  peer.on('POST /api/auth/refresh', (_, response) =>
    sendProblem(response, 401, 'invalid_refresh_token'),
  )
  const client = createClient({ url: peer.url, retry, onToken: (tokens) => told.push(tokens) })
  await client.signIn({ body: { email: 'me@example.org', password: 'x' } })
  const error = await failing(client.getMe())
  expect(error).toMatchObject({ code: 'not_signed_in' })
  expect(told).toEqual([
    { token: 't1', refresh_token: 'r1' },
    { token: null, refresh_token: null },
  ])
})

test('a sign-up that is finished by mail begins no session, and ends none', async () => {
  peer.on('POST /api/signup', (_, response) => sendJson(response, 202, {}))
  const client = signedIn()
  const before = client.tokens()
  const body = { username: 'new', email: 'new@example.org', password: 'a long password' }
  expect((await client.request(endpoints.signUp, { body })).status).toBe(202)
  expect(client.tokens()).toEqual(before)
})
