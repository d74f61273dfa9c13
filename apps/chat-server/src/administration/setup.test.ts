import { eraseMe, getBootstrap, getMe, setUp, signUp } from '@parley/contract'
import { newSetupToken } from '@parley/core/access/setup'
import { afterAll, expect, test } from 'vitest'
import { administrator } from '../fixtures/administrator.ts'
import { caller } from '../fixtures/call.ts'
import { query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())

const admins = async () =>
  (await query<{ id: number }>(server.pool, 'select id from users where is_admin order by id')).map(
    ({ id }) => id,
  )
const nobodyAdministers = () =>
  server.value(`do $$ begin
    set local session_replication_role = replica;
    update users set is_admin = false;
  end $$`)

test('AU-26: the first account is nothing special, however it was made', async () => {
  const password = 'a long password'
  const body = { username: 'first', email: 'first@example.org', password, workspace: 'Firsts' }
  const { user, token } = await server.nobody.call(signUp, { body })
  expect(user.is_admin).toBe(false)
  expect(await admins()).toEqual([])
  const body2 = { token: 'A'.repeat(43) }
  expect(await caller(server.url, token).outcome(setUp, { body: body2 })).toBe('404 not_found')
})

test('AU-26: the secret of a setup link makes one administrator, once, and is kept as a hash', async () => {
  const [anna, ben] = [await server.person(), await server.person()]
  const token = await newSetupToken(server.pool)
  expect(await server.nobody.outcome(setUp, { body: { token } })).toBe('401 not_signed_in')
  const kept = await query<{ kept: string }>(
    server.pool,
    'select to_jsonb(t)::text as kept from setup_tokens t',
  )
  expect(JSON.stringify(kept)).not.toContain(token)
  expect(JSON.stringify(kept)).not.toContain(Buffer.from(token, 'base64url').toString('hex'))
  const flipped = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
  expect(await anna.outcome(setUp, { body: { token: flipped } })).toBe('404 not_found')
  const before = await anna.call(getBootstrap, {})
  expect(before.me.is_admin).toBe(false)
  expect(await anna.call(setUp, { body: { token } })).toMatchObject({ id: anna.id, is_admin: true })
  expect(await ben.outcome(setUp, { body: { token } })).toBe('404 not_found')
  expect(await admins()).toEqual([anna.id])
  expect((await anna.call(getMe, {})).is_admin).toBe(true)
  expect((await anna.call(getBootstrap, {})).me.is_admin).toBe(true)
  const events = `select body from event_log where topic_id = $1 and kind = 'AdminChanged'`
  expect(await query(server.pool, events, anna.id)).toEqual([{ body: { is_admin: true } }])
  const noted = await query(
    server.pool,
    `select actor_id, target_id, network from audit_log where action = 'admin.added'`,
  )
  expect(noted).toEqual([{ actor_id: anna.id, target_id: anna.id, network: '127.0.0.0' }])
  await nobodyAdministers()
})

test('AU-26: a setup link is good for an hour, and for nothing once somebody administers', async () => {
  const anna = await server.person()
  const late = await newSetupToken(server.pool)
  await server.value(`update setup_tokens set expires_at = now() - interval '1 second'`)
  expect(await anna.outcome(setUp, { body: { token: late } })).toBe('404 not_found')
  const hour = await newSetupToken(server.pool)
  const left = await server.value(
    `select extract(epoch from max(expires_at) - now())::int from setup_tokens`,
  )
  expect(left).toBeGreaterThan(3590)
  expect(left).toBeLessThanOrEqual(3600)
  expect(await server.value('select count(*)::int from setup_tokens')).toBe(1)
  await administrator(server)
  expect(await anna.outcome(setUp, { body: { token: hour } })).toBe('404 not_found')
  await nobodyAdministers()
})

test('AU-26: of several who open links at the same moment, one becomes the administrator', async () => {
  const people = await Promise.all(Array.from({ length: 8 }, () => server.person()))
  for (let round = 0; round < 10; round++) {
    const tokens = await Promise.all(people.map(() => newSetupToken(server.pool)))
    const outcomes = await Promise.all(
      people.map((person, at) =>
        // The last two have the same one.
        person.outcome(setUp, { body: { token: tokens[Math.min(at, 6)] ?? '' } }),
      ),
    )
    expect(outcomes.toSorted()).toEqual(['200', ...people.slice(1).map(() => '404 not_found')])
    expect(await admins()).toHaveLength(1)
    await nobodyAdministers()
  }
})

test('the only administrator does not erase their account; the second to last does', async () => {
  const password = 'a long password'
  const person = async (username: string) => {
    const body = { username, email: `${username}@example.org`, password }
    const { user, token } = await server.nobody.call(signUp, { body })
    await server.value('update users set is_admin = true where id = $1', user.id)
    return { id: user.id, ...caller(server.url, token) }
  }
  const [anna, ben] = [await person('anna'), await person('ben')]
  expect(await anna.outcome(eraseMe, { body: { password } })).toBe('204')
  expect(await admins()).toEqual([ben.id])
  expect(await ben.outcome(eraseMe, { body: { password } })).toBe('409 last_admin')
  expect(await ben.outcome(getMe, {})).toBe('200')
})
