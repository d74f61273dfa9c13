import {
  getFigures,
  getInstance,
  getSignUpPolicy,
  listAllWorkspaces,
  setSignUpPolicy,
  signUp,
} from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { administrator } from '../fixtures/administrator.ts'
import { caller } from '../fixtures/call.ts'
import { query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer({ PARLEY_SIGNUP: 'invite' })
afterAll(() => server.stop())
const admin = await administrator(server)

let count = 0
const signUpOutcome = (url: string) => {
  const username = `newcomer${++count}`
  const body = { username, email: `${username}@example.org`, password: 'a long password' }
  return caller(url).outcome(signUp, { body })
}

test('what an administrator chooses for sign-up counts on all servers, before the setting', async () => {
  const other = await server.again({ PARLEY_SIGNUP: 'closed' })
  expect(await admin.call(getSignUpPolicy, {})).toEqual({
    signup: 'invite',
    chosen: null,
    default: 'invite',
  })
  expect(await signUpOutcome(server.url)).toBe('403 sign_up_closed')
  const chosen = 'open'
  expect(await admin.call(setSignUpPolicy, { body: { chosen } })).toEqual({
    signup: 'open',
    chosen,
    default: 'invite',
  })
  for (const url of [server.url, other.url]) {
    expect(await caller(url).call(getInstance, {})).toMatchObject({ signup: 'open' })
    expect(await signUpOutcome(url)).toBe('201')
  }
  await admin.call(setSignUpPolicy, { body: { chosen: 'closed' } })
  for (const url of [server.url, other.url])
    expect(await signUpOutcome(url)).toBe('403 sign_up_closed')
  await admin.call(setSignUpPolicy, { body: { chosen: null } })
  expect(await server.nobody.call(getInstance, {})).toMatchObject({ signup: 'invite' })
  expect(await caller(other.url).call(getInstance, {})).toMatchObject({ signup: 'closed' })
  const noted = await query(
    server.pool,
    `select actor_id, detail from audit_log where action = 'sign_up.changed' order by id`,
  )
  expect(noted).toEqual(
    ['open', 'closed', null].map((signup) => ({ actor_id: admin.id, detail: { signup } })),
  )
})

test('all workspaces are listed with their owners, the newest first, page by page', async () => {
  const [anna, ben] = [await server.person(), await server.person()]
  const first = await server.workspace(anna, ben)
  const second = await server.workspace(ben)
  const gone = await server.workspace(ben)
  await server.value('delete from workspaces where id = $1', gone.id)
  const page = await admin.call(listAllWorkspaces, { query: { limit: 1 } })
  expect(page).toMatchObject({ workspaces: [{ id: second.id }], has_more: true })
  const next = await admin.call(listAllWorkspaces, { query: { limit: 1, before: second.id } })
  const { id, username } = anna
  expect(next).toMatchObject({
    workspaces: [{ id: first.id, member_count: 2, owners: [{ id, username, avatar_id: null }] }],
    has_more: false,
  })
  const name = next.workspaces[0]?.name ?? ''
  const found = await admin.call(listAllWorkspaces, { query: { query: name.toUpperCase() } })
  expect(found.workspaces.map((one) => one.id)).toEqual([first.id])
})

test('the figures count who is there, who was there lately, and the room that is taken', async () => {
  const before = await admin.call(getFigures, {})
  const [anna, ben] = [await server.person(), await server.person()]
  await server.workspace(anna)
  const used = `update sessions set last_used_at = now() - $2::interval where user_id = $1`
  await server.value(used, anna.id, '2 days')
  await server.value(used, ben.id, '40 days')
  await server.value(`update users set status = 'disabled' where id = $1`, ben.id)
  await server.value(
    `insert into files (owner_id, state, name, mime, size, sha256)
     values ($1, 'stored', 'x', 'text/plain', 1234, sha256('x'))`,
    anna.id,
  )
  const after = await admin.call(getFigures, {})
  expect(after).toMatchObject({
    version: before.version,
    users: before.users + 2,
    disabled_users: before.disabled_users + 1,
    active_today: before.active_today,
    active_this_month: before.active_this_month + 1,
    workspaces: before.workspaces + 1,
    chats: before.chats + 1,
    file_bytes: before.file_bytes + 1234,
  })
  expect(after.database_bytes).toBeGreaterThan(1_000_000)
})
