import {
  type Endpoint,
  endpoints,
  getFigures,
  getSignUpPolicy,
  listAccounts,
  setSignUpPolicy,
  updateAccount,
} from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { administrator, withFactor } from '../fixtures/administrator.ts'
import { request } from '../fixtures/call.ts'
import { startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())

const forAdmins = Object.values<Endpoint>(endpoints).filter(({ auth }) => auth === 'admin')
const admin = await administrator(server)
const nobodyElse = await server.person()
const owner = await server.person()
await server.workspace(owner, nobodyElse)

/** What somebody is told, without the id of the request. */
async function told(endpoint: Endpoint, token?: string): Promise<string> {
  const extra = { ...(token !== undefined && { token }), headers: { 'x-request-id': 'the-same' } }
  const params = { user_id: nobodyElse.id }
  const { status, body } = await request(server.url, endpoint, { params }, extra)
  return `${status} ${JSON.stringify(body)}`
}

test('AZ-23: each call below /api/admin/ is for administrators, and no other is', () => {
  expect(forAdmins.length).toBeGreaterThan(5)
  for (const { path, auth } of Object.values<Endpoint>(endpoints))
    expect(path.startsWith('/api/admin/')).toBe(auth === 'admin')
})

test('AZ-23: who owns a workspace, is a member or was an administrator finds nothing there', async () => {
  const former = await administrator(server)
  await server.value('update users set is_admin = false where id = $1', former.id)
  const unknown = await fetch(`${server.url}/api/admin/nothing`, {
    headers: { authorization: `Bearer ${owner.token}`, 'x-request-id': 'the-same' },
  })
  const nothing = `404 ${await unknown.text()}`
  expect(nothing).toContain('not_found')
  for (const endpoint of forAdmins) {
    expect(await told(endpoint)).toContain('not_signed_in')
    for (const { token } of [owner, nobodyElse, former])
      expect(await told(endpoint, token)).toBe(nothing)
  }
})

test('an administrator without a second factor is told so everywhere, and sets one up', async () => {
  const bare = await server.person()
  await server.value('update users set is_admin = true where id = $1', bare.id)
  for (const endpoint of forAdmins)
    expect(await told(endpoint, bare.token)).toContain('"second_factor_missing"')
  await withFactor(server, bare)
  expect(await bare.outcome(getFigures, {})).toBe('200')
})

test('an administrator changes something only where they have just proved who they are', async () => {
  const late = await administrator(server)
  await server.value(
    `update sessions set confirmed_at = now() - interval '6 minutes' where id = $1`,
    late.sessionId,
  )
  expect(await late.outcome(getSignUpPolicy, {})).toBe('200')
  const change = { body: { chosen: null } }
  expect(await late.outcome(setSignUpPolicy, change)).toBe('403 confirmation_required')
  // Not asked of whoever finds nothing there anyway.
  expect(await nobodyElse.outcome(setSignUpPolicy, change)).toBe('404 not_found')
  await server.value('update sessions set confirmed_at = now() where id = $1', late.sessionId)
  expect(await late.outcome(setSignUpPolicy, change)).toBe('200')
})

test('an administrator reads no chat for that, and what is said of accounts has no secret', async () => {
  const { general } = await server.workspace(owner)
  const reads = await fetch(`${server.url}/api/chats/${general}/messages`, {
    headers: { authorization: `Bearer ${admin.token}` },
  })
  expect(reads.status).toBe(404)
  const { users } = await admin.call(listAccounts, { query: {} })
  expect(Object.keys(users[0] ?? {}).toSorted()).toEqual([
    'created_at',
    'email',
    'id',
    'is_admin',
    'last_used_at',
    'second_factor',
    'status',
    'username',
  ])
})

test('IN-02: nobody makes themselves an administrator, or another one', async () => {
  for (const path of ['/api/me', `/api/admin/users/${owner.id}`]) {
    const refused = await fetch(server.url + path, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ is_admin: true }),
    })
    expect([400, 404]).toContain(refused.status)
  }
  const signUp = await fetch(`${server.url}/api/signup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      username: 'mallory',
      email: 'mallory@example.org',
      password: 'a long password',
      is_admin: true,
    }),
  })
  expect(signUp.status).toBe(400)
  expect(await owner.outcome(updateAccount, { params: { user_id: owner.id }, body: {} })).toBe(
    '404 not_found',
  )
  expect(await server.value('select is_admin from users where id = $1', owner.id)).toBe(false)
})
