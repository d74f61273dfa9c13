import {
  type Endpoint,
  type Input,
  createChat,
  createInvite,
  getInstance,
  getMe,
  sendMessage,
  sendTyping,
  signUp,
} from '@parley/contract'
import { type LimitName, limits } from '@parley/core/throttle/limits'
import { afterAll, expect, test } from 'vitest'
import { type Answer, type Caller, caller } from './fixtures/call.ts'
import { startChatServer } from './fixtures/chat-server.ts'

const server = await startChatServer({ PARLEY_RATE_LIMITS: 'on' })
afterAll(() => server.stop())
const [anna, bob] = [await server.person('anna'), await server.person('bob')]
const { id: workspace, general } = await server.workspace(anna, bob)

/** Calls ten at a time, until one is refused for being too much, or so often. */
async function flood<E extends Endpoint>(who: Caller, endpoint: E, input: Input<E>, most: number) {
  const answers: Answer<E>[] = []
  while (answers.length < most && !answers.some(({ status }) => status === 429))
    answers.push(...(await Promise.all(Array.from({ length: 10 }, () => who.ask(endpoint, input)))))
  return answers
}
const passed = (answers: readonly { status: number }[]): number =>
  answers.filter(({ status }) => status < 300).length
const statusesOf = (answers: readonly { status: number }[]) =>
  new Set(answers.map(({ status }) => status))

/** How many a limit lets through since then. */
const mostSince = (limit: LimitName, since: number): number =>
  limits[limit].burst + 1 + ((performance.now() - since) * limits[limit].perMinute) / 60_000

test('DO-04: a flood of messages is refused for its sender alone, with when to go on, and over a restart', async () => {
  const began = performance.now()
  const message = { params: { id: general }, body: { content: 'again' } }
  const answers = await flood(anna, sendMessage, message, 10 * limits.messages.burst)
  expect(passed(answers)).toBeGreaterThanOrEqual(limits.messages.burst)
  expect(passed(answers)).toBeLessThan(mostSince('messages', began))
  const refused = answers.find(({ status }) => status >= 300)
  expect(refused).toMatchObject({ status: 429, code: 'rate_limited' })
  const told = Object.fromEntries(refused?.headers ?? [])
  expect(told).toMatchObject({
    'retry-after': '1',
    'ratelimit-limit': String(limits.messages.burst),
    'ratelimit-remaining': '0',
    'ratelimit-reset': '1',
  })
  const written = await server.value('select count(*) from messages where sender_id = $1', anna.id)
  expect(written).toBe(passed(answers))
  expect(await bob.outcome(sendMessage, message)).toBe('201')
  // What else she does goes on.
  expect(await anna.outcome(getMe, {})).toBe('200')

  await server.server.stop()
  const { url } = await server.again({ PARLEY_CHAT_PORT: new URL(server.url).port })
  const after = await flood(caller(url, anna.token), sendMessage, message, limits.messages.burst)
  expect(passed(answers) + passed(after)).toBeLessThan(mostSince('messages', began))
})

test('DO-04: floods of typing, chats and invites are refused, whatever they are sent with', async () => {
  const floods = [
    await flood(bob, sendTyping, { params: { id: general } }, limits.signs.burst * 2),
    await flood(
      anna,
      createInvite,
      { params: { id: workspace }, body: {} },
      limits.creations.burst,
    ),
    // One limit for all that is made, and the one before has used it up.
    await flood(anna, createChat, { body: { type: 'single', user_id: bob.id } }, 10),
  ]
  for (const answers of floods) {
    const refused = answers.filter(({ status }) => status === 429)
    for (const { code, headers } of refused) {
      expect(code).toBe('rate_limited')
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
  }
  expect(floods.map(statusesOf)).toEqual([new Set([204, 429]), new Set([201]), expect.anything()])
  expect(statusesOf(floods[2] ?? [])).toContain(429)
  for (const headers of [
    { 'x-forwarded-for': '192.0.2.1' },
    { forwarded: 'for=192.0.2.2' },
    { 'x-real-ip': '192.0.2.3' },
    { cookie: 'parley_device=x' },
  ]) {
    const answer = await anna.ask(
      createChat,
      { body: { type: 'single', user_id: bob.id } },
      { headers },
    )
    expect(answer.status).toBe(429)
  }
})

test('answers tell how much is left, also to pages of other origins', async () => {
  const { headers } = await anna.ask(getMe, {}, { headers: { origin: 'http://localhost:6688' } })
  const { burst } = limits.requests
  expect(headers.get('ratelimit-limit')).toBe(String(burst))
  expect(Number(headers.get('ratelimit-remaining'))).toBeLessThan(burst)
  expect(Number(headers.get('ratelimit-reset'))).toBeGreaterThan(0)
  const exposed = headers.get('access-control-expose-headers')?.split(', ')
  expect(exposed).toEqual(
    expect.arrayContaining(['retry-after', 'ratelimit-limit', 'ratelimit-remaining']),
  )
})

test('whoever has no good token counts by address, and whoever has one is not held up by them', async () => {
  const url = (await server.again()).url
  const bad = caller(url, anna.token.slice(0, -2))
  const answers = await flood(bad, getMe, {}, limits.strangers.burst * 5)
  expect(statusesOf(answers)).toEqual(new Set([401, 429]))
  const statusAt = async (path: string) => {
    const response = await fetch(`${url}${path}`)
    await response.text()
    return response.status
  }
  // Some come back all the time.
  const others = await Promise.all(
    Array.from({ length: 200 }, (_, n) =>
      statusAt(n % 2 === 0 ? '/api/no-such-thing' : getInstance.path),
    ),
  )
  expect(others.filter((_, n) => n % 2 === 0)).toContain(429)
  expect(others.filter((_, n) => n % 2 === 1)).toContain(429)
  expect(await caller(url, anna.token).outcome(getMe, {})).toBe('200')
  // What watches the server is never held up, and pages are a proxy's matter.
  for (const path of ['/healthz', '/readyz', '/api/openapi.json'])
    expect(await statusAt(path)).toBe(200)
}, 20_000)

test('only a proxy that is trusted says where a request comes from', async () => {
  // Refused by its handler, and counted before.
  const body = { username: 'x', email: 'x@example.org', password: 'short' }
  const from = async (url: string, address: string) => {
    const { headers } = await caller(url).ask(
      signUp,
      { body },
      { headers: { 'x-forwarded-for': address } },
    )
    return Number(headers.get('ratelimit-remaining'))
  }
  const { burst } = limits.sign_ups
  const direct = (await server.again()).url
  const behind = (await server.again({ PARLEY_TRUSTED_PROXIES: '127.0.0.0/8' })).url
  for (const address of ['192.0.2.1', '192.0.2.2', '2001:db8::1'])
    expect(await from(behind, address)).toBe(burst - 1)
  // The last one before a proxy that is trusted counts; what a client put before it does not.
  expect(await from(behind, '198.51.100.7, 192.0.2.1')).toBe(burst - 2)
  expect(await from(behind, '2001:db8::ffff')).toBe(burst - 2)
  for (let n = 1; n <= 20; n++) expect(await from(direct, `192.0.2.${n}`)).toBe(burst - n)
})

test('without limits nothing is counted and nothing told', async () => {
  const { url } = await server.again({ PARLEY_RATE_LIMITS: 'off' })
  const answers = await flood(caller(url, anna.token), getMe, {}, limits.requests.burst + 50)
  expect(statusesOf(answers)).toEqual(new Set([200]))
  expect(answers[0]?.headers.get('ratelimit-limit')).toBeNull()
})
