import {
  acceptInvite,
  createChat,
  createInvite,
  createWorkspace,
  getMe,
  getWorkspace,
  listChats,
  listUsers,
  signUp,
  updateMe,
} from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { caller } from '../fixtures/call.ts'
import { query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())

let count = 0
const account = (more: { username?: string; email?: string; password?: string } = {}) => {
  const username = `new${++count}`
  return { username, email: `${username}@example.org`, password: 'a long password', ...more }
}

test('signing up makes an account that its token speaks for', async () => {
  const body = account({ username: 'Zoë', email: 'Zoe@Example.org' })
  const { token, user, workspace } = await server.nobody.call(signUp, { body })
  expect(user).toMatchObject({ username: 'Zoë', email: 'Zoe@Example.org' })
  expect(workspace).toBeUndefined()
  expect(await caller(server.url, token).call(getMe, {})).toEqual(user)
  const stored = await server.value('select password_hash from users where id = $1', user.id)
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
})

test('signing up with a new workspace founds it', async () => {
  const answer = await server.nobody.call(signUp, { body: { ...account(), workspace: 'Garden' } })
  expect(answer.workspace).toMatchObject({ name: 'Garden', role: 'owner', member_count: 1 })
  const { chats } = await caller(server.url, answer.token).call(listChats, { query: {} })
  expect(chats).toMatchObject([{ name: 'general', role: 'owner' }])
})

test('signing up with the name of an open workspace joins it, of any other is refused', async () => {
  const anna = await server.person()
  const open = await anna.call(createWorkspace, { body: { name: 'Park', join_policy: 'open' } })
  await anna.call(createWorkspace, { body: { name: 'Castle' } })
  const { workspace } = await server.nobody.call(signUp, {
    body: { ...account(), workspace: 'PARK' },
  })
  expect(workspace).toMatchObject({ id: open.id, role: 'member', member_count: 2 })
  const refused = account()
  expect(await server.nobody.outcome(signUp, { body: { ...refused, workspace: 'castle' } })).toBe(
    '409 workspace_name_taken',
  )
  // Nothing of it stays behind: the same account can be made.
  expect(await server.nobody.outcome(signUp, { body: refused })).toBe('201')
})

test('an invite leads into its own workspace and nowhere else', async () => {
  const anna = await server.person()
  const { id } = await anna.call(createWorkspace, { body: { name: 'Tower' } })
  await anna.call(createWorkspace, { body: { name: 'Moat' } })
  const { code } = await anna.call(createInvite, { params: { id }, body: { max_uses: 2 } })
  const join = (more: { workspace?: string; invite: string }) =>
    server.nobody.ask(signUp, { body: { ...account(), ...more } })
  expect(await join({ invite: 'no-such-code' })).toMatchObject({ status: 404 })
  expect(await join({ workspace: 'Moat', invite: code })).toMatchObject({ status: 404 })
  expect((await join({ workspace: 'tower', invite: code })).body.workspace).toMatchObject({ id })
  expect((await join({ invite: code })).body.workspace).toMatchObject({ id, role: 'member' })
  expect(await join({ invite: code })).toMatchObject({ status: 410, code: 'invite_gone' })
  expect(await anna.call(getWorkspace, { params: { id } })).toMatchObject({ member_count: 3 })
})

test('AU-15: a name and an address are taken whatever their case, and nobody learns which', async () => {
  await server.nobody.call(signUp, { body: account({ username: 'Jürgen', email: 'j@x.org' }) })
  const outcomes = await Promise.all([
    server.nobody.ask(signUp, { body: account({ username: 'JÜRGEN' }) }),
    // The same letters, composed differently.
    server.nobody.ask(signUp, { body: account({ username: 'ju\u0308rgen' }) }),
    server.nobody.ask(signUp, { body: account({ email: 'J@X.ORG' }) }),
  ])
  const bodies = outcomes.map(({ status, body }) => ({ status, ...body, request_id: '' }))
  expect(bodies[0]).toMatchObject({ status: 409, code: 'account_taken' })
  expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1)
})

test('a password needs its least length in characters, not bytes', async () => {
  const outcome = (password: string) =>
    server.nobody.outcome(signUp, { body: account({ password }) })
  expect(await outcome('eleven char')).toBe('422 weak_password')
  expect(await outcome('😀'.repeat(11))).toBe('422 weak_password')
  expect(await outcome('😀'.repeat(12))).toBe('201')
  expect(await outcome('')).toBe('400 invalid_request')
  expect(await outcome('x'.repeat(1_025))).toBe('400 invalid_request')
})

test('IN-02: fields that nobody asked for are refused and change nothing', async () => {
  for (const extra of [{ id: 7 }, { role: 'owner' }, { is_admin: true }, { created_at: 'now' }]) {
    const body = { ...account(), ...extra }
    expect(await server.nobody.outcome(signUp, { body })).toBe('400 invalid_request')
    expect(
      await server.value('select count(*) from users where username = $1', body.username),
    ).toBe(0)
  }
})

test('where sign-up takes invites only, an invite is needed; where it is closed, none helps', async () => {
  const anna = await server.person()
  const { id } = await server.workspace(anna)
  const { code: invite } = await anna.call(createInvite, { params: { id }, body: {} })
  const inviting = caller((await server.again({ PARLEY_SIGNUP: 'invite' })).url)
  const closed = caller((await server.again({ PARLEY_SIGNUP: 'closed' })).url)
  const no = '403 sign_up_closed'
  expect(await inviting.outcome(signUp, { body: account() })).toBe(no)
  expect(await inviting.outcome(signUp, { body: { ...account(), workspace: 'Mine' } })).toBe(no)
  expect(await inviting.outcome(signUp, { body: { ...account(), invite: 'wrong' } })).toBe(
    '404 not_found',
  )
  expect(await inviting.outcome(signUp, { body: { ...account(), invite } })).toBe('201')
  expect(await closed.outcome(signUp, { body: { ...account(), invite } })).toBe(no)
  const bob = await server.person()
  expect(await bob.outcome(acceptInvite, { params: { code: invite } })).toBe('200')
})

test('a new name reaches the person, their workspaces and their chats outside of workspaces', async () => {
  const [anna, bob] = [await server.person('anna'), await server.person('bob')]
  const { id } = await server.workspace(anna, bob)
  const single = await anna.call(createChat, { body: { type: 'single', user_id: bob.id } })
  const renamed = await anna.call(updateMe, { body: { username: 'anna.b' } })
  expect(renamed.username).toBe('anna.b')
  const events = await query(
    server.pool,
    `select topic_id, actor_id, body from event_log where kind = 'UserUpdated' order by topic_id`,
  )
  const body = { user: { id: anna.id, username: 'anna.b', avatar_id: null } }
  expect(events).toEqual(
    [anna.id, id, single.id]
      .toSorted((a, b) => a - b)
      .map((topic_id) => ({ topic_id, actor_id: anna.id, body })),
  )
  expect(await bob.outcome(updateMe, { body: { username: 'ANNA.B' } })).toBe('409 account_taken')
  // One's own name in other letters is free.
  expect(await anna.outcome(updateMe, { body: { username: 'Anna.B' } })).toBe('200')
})

test('AZ-11: people find those with whom they share a workspace or chat, and nobody else', async () => {
  const [carl, dora, frank] = [
    await server.person('carl%'),
    await server.person('dora_x'),
    await server.person('frank'),
  ]
  await server.workspace(carl, dora)
  const names = async (q: string) =>
    (await carl.call(listUsers, { query: { query: q } })).users.map(({ username }) => username)
  expect(await names('DORA')).toEqual(['dora_x'])
  expect(await names('frank')).toEqual([])
  expect(await names('example.org')).toEqual([])
  expect(await names('%')).toEqual(['carl%'])
  expect(await names('a_x')).toEqual(['dora_x'])
  const { users } = await carl.call(listUsers, { query: { ids: [dora.id, frank.id] } })
  expect(users).toEqual([{ id: dora.id, username: 'dora_x', avatar_id: null }])
})
