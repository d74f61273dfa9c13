import { signIn } from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { caller } from '../fixtures/call.ts'
import { startChatServer } from '../fixtures/chat-server.ts'

// Without limits, which would stop most of it before the gate that is looked at here.
const server = await startChatServer()
afterAll(() => server.stop())

/** The longest password that is taken, of 1 kB. */
const longest = '\u{1F600}'.repeat(256)

const attempt = (n: number, password: string) =>
  server.nobody.ask(signIn, { body: { email: `nobody${n}@example.org`, password } })

test('AU-19: of two hundred sign-ins at once some wait for their turn, and the others are told to come back', async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => attempt(n, longest)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 503]))
  const refused = answers.filter(({ status }) => status === 503)
  expect(refused.length).toBeGreaterThan(50)
  for (const { code, headers } of refused) {
    expect(code).toBe('unavailable')
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }
  // And then it has room again.
  expect((await attempt(0, longest)).status).toBe(401)
}, 30_000)

test('AU-19: a password that is too long is refused before the gate, also while that is full', async () => {
  const crowd = Promise.all(Array.from({ length: 200 }, (_, n) => attempt(n, longest)))
  await Promise.race(Array.from({ length: 20 }, (_, n) => attempt(n, longest)))
  const together = await Promise.all(
    Array.from({ length: 200 }, (_, n) => attempt(n, 'x'.repeat(n % 2 === 0 ? 1 << 20 : 1025))),
  )
  const codes = (odd: number) =>
    new Set(together.filter((_, n) => n % 2 === odd).map(({ code }) => code))
  expect([codes(0), codes(1)]).toEqual([new Set(['too_large']), new Set(['invalid_request'])])
  expect((await crowd).some(({ status }) => status === 503)).toBe(true)
}, 30_000)

test('AU-19: a try for which there was no time is no failure of its account', async () => {
  const { url } = await server.again({ PARLEY_RATE_LIMITS: 'on' })
  const crowd = Array.from({ length: 200 }, (_, n) =>
    caller(url).ask(signIn, { body: { email: `crowd${n}@example.org`, password: longest } }),
  )
  const answers = await Promise.all(crowd)
  const looked = answers.filter(({ status }) => status === 401).length
  const failures = await server.value('select coalesce(sum(failures), 0) from sign_in_failures')
  expect(failures).toBe(looked)
  // One address alone does not fill the queue.
  expect(answers.some(({ status }) => status === 429)).toBe(true)
  expect(looked).toBeGreaterThan(0)
}, 30_000)
