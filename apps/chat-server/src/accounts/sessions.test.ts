import { getMe, refresh, signIn, signOut, signUp } from '@parley/contract'
import { until } from '@parley/core/testing/until'
import { afterAll, expect, test } from 'vitest'
import { caller } from '../fixtures/call.ts'
import { query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())

const refreshTokenOf = (headers: Headers): string =>
  /parley_rt=([^;]+)/.exec(headers.getSetCookie().join())?.[1] ?? ''

let count = 0
/** Somebody who has just signed up, with both tokens. */
async function signedUp() {
  const username = `s${++count}`
  const login = { email: `${username}@example.org`, password: 'a long password' }
  const { body, headers } = await server.nobody.ask(signUp, { body: { username, ...login } })
  return { login, userId: body.user.id, token: body.token, rt: refreshTokenOf(headers) }
}

/** Refreshes by the body; what it answered, and the refresh token it set. */
async function renew(refresh_token: string) {
  const { status, code, body, headers } = await server.nobody.ask(refresh, {
    body: { refresh_token },
  })
  return { status, code, token: body.token, rt: refreshTokenOf(headers) }
}

const sessionsOf = (userId: number) =>
  query<{ id: number; revoked: boolean }>(
    server.pool,
    'select id, revoked_at is not null as revoked from sessions where user_id = $1 order by id',
    userId,
  )

test('a refresh trades the token for a new pair of the same session', async () => {
  const { rt, userId } = await signedUp()
  const renewed = await renew(rt)
  expect(renewed.rt).toMatch(/^[\w-]{64}$/)
  expect(renewed.rt).not.toBe(rt)
  expect((await caller(server.url, renewed.token).call(getMe, {})).id).toBe(userId)
  expect(await sessionsOf(userId)).toHaveLength(1)
  // Only hashes are kept.
  const stored = await server.value(
    'select sessions::text from sessions where user_id = $1',
    userId,
  )
  expect(stored).not.toContain(Buffer.from(renewed.rt).toString('hex'))
  expect(stored).not.toContain(renewed.rt)
})

test('AU-11: ten refreshes at the same moment have one successor, and the session lives on', async () => {
  const { rt, userId } = await signedUp()
  const answers = await Promise.all(Array.from({ length: 10 }, () => renew(rt)))
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
  const [successor, ...others] = new Set(answers.map((answer) => answer.rt))
  expect(others).toEqual([])
  expect((await renew(successor ?? '')).status).toBe(200)
  expect(await sessionsOf(userId)).toMatchObject([{ revoked: false }])
})

test('AU-12: a refresh whose answer was lost is answered again, with the cookie', async () => {
  const { rt } = await signedUp()
  const lost = await renew(rt)
  const again = await renew(rt)
  expect(again).toMatchObject({ status: 200, rt: lost.rt })
})

test('AU-10: an old refresh token after its grace ends the session and no other', async () => {
  const { login, rt, userId, token } = await signedUp()
  await server.nobody.call(signIn, { body: login })
  const renewed = await renew(rt)
  await server.value(
    `update sessions set prev_rotated_at = prev_rotated_at - interval '21 seconds'
     where user_id = $1 and prev_hash is not null`,
    userId,
  )
  expect(await renew(rt)).toMatchObject({ status: 401, code: 'invalid_refresh_token', rt: '' })
  expect(await renew(renewed.rt)).toMatchObject({ status: 401 })
  expect(await sessionsOf(userId)).toMatchObject([{ revoked: true }, { revoked: false }])
  await until(async () => (await caller(server.url, token).ask(getMe, {})).status === 401)
})

test('AU-10: a token of any age that was traded before ends the session, after the grace', async () => {
  const { rt, userId } = await signedUp()
  const second = await renew(rt)
  const third = await renew(second.rt)
  // Two tabs may be that far apart, and neither is a thief.
  expect(await renew(rt)).toMatchObject({ status: 401, rt: '' })
  expect(await sessionsOf(userId)).toMatchObject([{ revoked: false }])
  await server.value(
    `update sessions set prev_rotated_at = prev_rotated_at - interval '21 seconds' where user_id = $1`,
    userId,
  )
  expect(await renew(rt)).toMatchObject({ status: 401, rt: '' })
  expect(await sessionsOf(userId)).toMatchObject([{ revoked: true }])
  expect(await renew(third.rt)).toMatchObject({ status: 401 })
})

test('a session from before tokens had a family goes on, with one', async () => {
  const { rt, userId } = await signedUp()
  await server.value('update sessions set family_hash = null where user_id = $1', userId)
  const renewed = await renew(rt)
  expect((await renew(renewed.rt)).status).toBe(200)
  expect(
    await server.value('select family_hash is not null from sessions where user_id = $1', userId),
  ).toBe(true)
})

test('a session ends that was not used for long, or that is too old', async () => {
  for (const column of ['idle_expires_at', 'expires_at']) {
    const { rt, userId } = await signedUp()
    await server.value(
      `update sessions set ${column} = now() - interval '1 second' where user_id = $1`,
      userId,
    )
    expect(await renew(rt)).toMatchObject({ status: 401, rt: '' })
  }
})

test('AU-06: signing out ends access within a second or so, on every server', async () => {
  const { rt, token, userId } = await signedUp()
  const other = await server.again()
  const calls = [server.url, other.url].map((url) => caller(url, token))
  for (const call of calls) expect(await call.outcome(getMe, {})).toBe('200')
  expect(await server.nobody.outcome(signOut, { body: { refresh_token: rt } })).toBe('204')
  const since = performance.now()
  for (const call of calls) {
    await until(async () => (await call.outcome(getMe, {})) === '401 not_signed_in')
  }
  expect(performance.now() - since).toBeLessThan(2500)
  expect(await renew(rt)).toMatchObject({ status: 401 })
  const kinds = await query(
    server.pool,
    `select kind from event_log where topic_id = $1 and kind = 'SessionRevoked'`,
    userId,
  )
  expect(kinds).toHaveLength(1)
})

test('AU-06: a disabled account loses access and its sessions', async () => {
  const { rt, token, userId } = await signedUp()
  await server.value(`update users set status = 'disabled' where id = $1`, userId)
  expect(await renew(rt)).toMatchObject({ status: 401 })
  await until(async () => (await caller(server.url, token).ask(getMe, {})).status === 401)
  expect(await sessionsOf(userId)).toMatchObject([{ revoked: true }])
})

test('AU-13: signing in over a cookie that is there already ends its session', async () => {
  const { login, rt, userId } = await signedUp()
  const { headers } = await server.nobody.ask(
    signIn,
    { body: login },
    { headers: { cookie: `parley_rt=${rt}` } },
  )
  expect(refreshTokenOf(headers)).not.toBe(rt)
  expect(await sessionsOf(userId)).toMatchObject([{ revoked: true }, { revoked: false }])
})
