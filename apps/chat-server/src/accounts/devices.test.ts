import {
  getMe,
  listSessions,
  refresh,
  revokeOtherSessions,
  revokeSession,
  signIn,
  signUp,
} from '@parley/contract'
import { until } from '@parley/core/testing/until'
import { afterAll, expect, test } from 'vitest'
import { caller } from '../fixtures/call.ts'
import { startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())

const password = 'a long password'
let count = 0
async function signedUp() {
  const username = `d${++count}`
  const email = `${username}@example.org`
  const { user, token } = await server.nobody.call(signUp, { body: { username, email, password } })
  return { email, user, ...caller(server.url, token) }
}

/** Signs in with a browser of this name; its calls and its refresh token. */
async function signedIn(email: string, userAgent: string) {
  const { body, headers } = await server.nobody.ask(
    signIn,
    { body: { email, password } },
    { headers: { 'user-agent': userAgent } },
  )
  const refresh_token = /parley_rt=([^;]+)/.exec(headers.getSetCookie().join())?.[1] ?? ''
  return { refresh_token, ...caller(server.url, body.token) }
}

const outcome = (refresh_token: string) =>
  server.nobody.outcome(refresh, { body: { refresh_token } })

test('one sees where one is signed in, the last used first, and signs out there', async () => {
  const anna = await signedUp()
  const phone = await signedIn(anna.email, 'A phone')
  await signedIn((await signedUp()).email, 'Somebody else')
  const { sessions } = await anna.call(listSessions, {})
  expect(sessions).toMatchObject([
    { user_agent: 'A phone', current: false, network: '127.0.0.0' },
    { current: true },
  ])
  const [{ id: session_id } = { id: 0 }] = sessions
  expect(await anna.outcome(revokeSession, { params: { session_id } })).toBe('204')
  await until(async () => (await phone.outcome(getMe, {})) === '401 not_signed_in')
  expect(await outcome(phone.refresh_token)).toBe('401 invalid_refresh_token')
  expect((await anna.call(listSessions, {})).sessions).toMatchObject([{ current: true }])
  // It is over already.
  expect(await anna.outcome(revokeSession, { params: { session_id } })).toBe('404 not_found')
})

test('nobody ends the session of somebody else', async () => {
  const [anna, ben] = [await signedUp(), await signedUp()]
  const [{ id: session_id } = { id: 0 }] = (await ben.call(listSessions, {})).sessions
  for (const wrong of [session_id, 1])
    expect(await anna.outcome(revokeSession, { params: { session_id: wrong } })).toBe(
      '404 not_found',
    )
  expect(await ben.outcome(getMe, {})).toBe('200')
})

test('one signs out everywhere else at once', async () => {
  const anna = await signedUp()
  const others = [await signedIn(anna.email, 'One'), await signedIn(anna.email, 'Two')]
  expect(await anna.outcome(revokeOtherSessions, {})).toBe('204')
  for (const other of others) {
    await until(async () => (await other.outcome(getMe, {})) === '401 not_signed_in')
    expect(await outcome(other.refresh_token)).toBe('401 invalid_refresh_token')
  }
  expect(await anna.outcome(getMe, {})).toBe('200')
})

test('the fifty-first session ends the one that was used longest ago', async () => {
  const anna = await signedUp()
  const oldest = await signedIn(anna.email, 'Oldest')
  await server.value(
    `update sessions set last_used_at = now() - interval '1 hour' where user_agent = 'Oldest'`,
  )
  await server.value(
    `insert into sessions (user_id, current_hash)
     select $1, decode(md5(n::text), 'hex') from generate_series(1, 47) n`,
    anna.user.id,
  )
  await signedIn(anna.email, 'The fiftieth')
  expect((await anna.call(listSessions, {})).sessions).toHaveLength(50)
  expect(await oldest.outcome(getMe, {})).toBe('200')
  await signedIn(anna.email, 'One more')
  expect((await anna.call(listSessions, {})).sessions).toHaveLength(50)
  expect(await outcome(oldest.refresh_token)).toBe('401 invalid_refresh_token')
})
