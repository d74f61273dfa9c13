import { changePassword, confirmMe, getMe, refresh, signIn, signUp } from '@parley/contract'
import { until } from '@parley/core/testing/until'
import { afterAll, expect, test } from 'vitest'
import { caller } from '../fixtures/call.ts'
import { startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())

const old = { password: 'the old password' }
const fresh = { password: 'the new password' }
let count = 0
async function signedUp() {
  const username = `w${++count}`
  const email = `${username}@example.org`
  const { body, headers } = await server.nobody.ask(signUp, { body: { username, email, ...old } })
  return { email, user: body.user, rt: tokenIn(headers), ...caller(server.url, body.token) }
}
const tokenIn = (headers: Headers): string =>
  /parley_rt=([^;]+)/.exec(headers.getSetCookie().join())?.[1] ?? ''
const outcome = (refresh_token: string) =>
  server.nobody.outcome(refresh, { body: { refresh_token } })
/** As if the session had been begun, or confirmed, longer ago. */
const later = (userId: number) =>
  server.value(
    `update sessions set confirmed_at = confirmed_at - interval '301 seconds' where user_id = $1`,
    userId,
  )

test('AU-06: a new password ends every session, and begins one for whoever changed it', async () => {
  const anna = await signedUp()
  const elsewhere = await server.nobody.call(signIn, { body: { email: anna.email, ...old } })
  const { status, body, headers } = await anna.ask(changePassword, { body: fresh })
  expect(status).toBe(200)
  expect(body.user).toEqual(anna.user)
  const here = caller(server.url, body.token)
  expect(await here.outcome(getMe, {})).toBe('200')
  for (const ended of [anna, caller(server.url, elsewhere.token)])
    await until(async () => (await ended.outcome(getMe, {})) === '401 not_signed_in')
  expect(await outcome(anna.rt)).toBe('401 invalid_refresh_token')
  expect(await outcome(tokenIn(headers))).toBe('200')
  const by = (password: object) =>
    server.nobody.outcome(signIn, { body: { email: anna.email, ...old, ...password } })
  expect(await by(old)).toBe('401 invalid_credentials')
  expect(await by(fresh)).toBe('200')
})

test('whoever only has the session changes no password until they prove who they are', async () => {
  const anna = await signedUp()
  await later(anna.user.id)
  const change = () => anna.outcome(changePassword, { body: fresh })
  expect(await change()).toBe('403 confirmation_required')
  expect(await anna.outcome(confirmMe, { body: fresh })).toBe('403 wrong_password')
  expect(await change()).toBe('403 confirmation_required')
  expect(await anna.outcome(confirmMe, { body: old })).toBe('204')
  expect(await change()).toBe('200')
})

test('a proof counts for its own session only, and a refresh is none', async () => {
  const anna = await signedUp()
  await later(anna.user.id)
  const { token } = await server.nobody.call(signIn, { body: { email: anna.email, ...old } })
  expect(await anna.outcome(changePassword, { body: fresh })).toBe('403 confirmation_required')
  const renewed = await server.nobody.call(refresh, { body: { refresh_token: anna.rt } })
  const again = caller(server.url, renewed.token)
  expect(await again.outcome(changePassword, { body: fresh })).toBe('403 confirmation_required')
  expect(await caller(server.url, token).outcome(changePassword, { body: fresh })).toBe('200')
})

test('a password that is refused changes nothing', async () => {
  const anna = await signedUp()
  for (const [password, refused] of [
    ['short', '422 weak_password'],
    ['', '400 invalid_request'],
    ['parley parley parley', '422 common_password'],
    ['x'.repeat(257), '422 long_password'],
    ['twelve\u0000chars', '422 invalid_text'],
  ] as const)
    expect(await anna.outcome(changePassword, { body: { password } })).toBe(refused)
  expect(await server.nobody.outcome(signIn, { body: { email: anna.email, ...old } })).toBe('200')
})
