import {
  type Account,
  endAccountSessions,
  getAccount,
  getMe,
  listAccounts,
  resetSecondFactor,
  updateAccount,
} from '@parley/contract'
import { until } from '@parley/core/testing/until'
import { afterAll, expect, test } from 'vitest'
import { administrator, withFactor } from '../fixtures/administrator.ts'
import { query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const admin = await administrator(server)

interface Noted {
  action: string
  actor_id: number | null
  target_kind: string
  target_id: number
}

/** What `work` added to the audit log. */
async function audited(work: () => Promise<unknown>): Promise<Noted[]> {
  const before = Number(await server.value('select coalesce(max(id), 0) from audit_log'))
  await work()
  return query<Noted>(
    server.pool,
    `select action, actor_id, target_kind, target_id from audit_log where id > $1 order by id`,
    before,
  )
}

const all = async (asked: { query?: string; only?: 'active' | 'disabled' | 'admins' }) => {
  const users: Account[] = []
  for (;;) {
    const before = users.at(-1)?.id
    const more = { ...asked, limit: 2, ...(before !== undefined && { before }) }
    const page = await admin.call(listAccounts, { query: more })
    users.push(...page.users)
    if (!page.has_more) return users
  }
}

test('accounts come page by page, the newest first, by part of the name or of the address', async () => {
  const names = ['zoe_1', 'zoe_2', 'zoe_3', 'zoex4', 'zoe_5']
  const people: number[] = []
  for (const name of names) people.push((await server.person(name)).id)
  const erased = await server.person('zoe_6')
  await server.value('select erase_account($1)', erased.id)
  const newest = people.toReversed()
  expect((await all({ query: 'zoe' })).map(({ id }) => id)).toEqual(newest)
  expect((await all({ query: 'ZOE' })).map(({ id }) => id)).toEqual(newest)
  // A wildcard of SQL is a character like any other.
  expect((await all({ query: 'zoe_' })).map(({ username }) => username)).not.toContain('zoex4')
  expect((await all({ query: 'zoe_2@example.org' })).map(({ id }) => id)).toEqual([people[1]])
  expect((await all({})).map(({ id }) => id)).not.toContain(erased.id)
  expect((await all({ only: 'admins' })).map(({ id }) => id)).toEqual([admin.id])
})

test('an account says when it was used last, and whether it has a second factor', async () => {
  const anna = await server.person()
  const params = { user_id: anna.id }
  await server.value(
    `update sessions set last_used_at = '2026-01-02T03:04:05Z' where user_id = $1`,
    anna.id,
  )
  expect(await admin.call(getAccount, { params })).toMatchObject({
    id: anna.id,
    email: `${anna.username}@example.org`,
    status: 'active',
    is_admin: false,
    second_factor: false,
    last_used_at: '2026-01-02T03:04:05.000Z',
  })
  await withFactor(server, anna)
  expect(await admin.call(getAccount, { params })).toMatchObject({ second_factor: true })
  const params2 = { user_id: 2 ** 50 }
  expect(await admin.outcome(getAccount, { params: params2 })).toBe('404 not_found')
})

test('AU-06: an administrator disables an account, which ends its access, and enables it again', async () => {
  const anna = await server.person()
  const params = { user_id: anna.id }
  expect(await anna.outcome(getMe, {})).toBe('200')
  const disabled = await audited(() =>
    admin.call(updateAccount, { params, body: { status: 'disabled' } }),
  )
  await until(async () => (await anna.outcome(getMe, {})) === '401 not_signed_in')
  expect(disabled.map(({ action }) => action).toSorted()).toEqual([
    'account.disabled',
    'session.ended',
  ])
  expect(disabled.every(({ actor_id }) => actor_id === admin.id)).toBe(true)
  expect((await all({ only: 'disabled' })).map(({ id }) => id)).toEqual([anna.id])
  const again = await audited(() =>
    admin.call(updateAccount, { params, body: { status: 'disabled' } }),
  )
  expect(again).toEqual([])
  const enabled = await audited(async () => {
    const account = await admin.call(updateAccount, { params, body: { status: 'active' } })
    expect(account.status).toBe('active')
  })
  expect(enabled).toEqual([
    { action: 'account.enabled', actor_id: admin.id, target_kind: 'user', target_id: anna.id },
  ])
  // Its sessions have ended for good. That they have may be known a moment later than that it was disabled.
  await until(async () => (await anna.outcome(getMe, {})) === '401 not_signed_in')
})

test('an administrator makes another one, and takes it away, but the last one stays', async () => {
  const anna = await server.person()
  const params = { user_id: anna.id }
  const made = await audited(() => admin.call(updateAccount, { params, body: { is_admin: true } }))
  expect(made).toMatchObject([{ action: 'admin.added', actor_id: admin.id, target_id: anna.id }])
  expect(await anna.outcome(listAccounts, { query: {} })).toBe('403 second_factor_missing')
  await withFactor(server, anna)
  const self = { user_id: admin.id }
  await anna.call(updateAccount, { params: self, body: { is_admin: false } })
  expect(await admin.outcome(listAccounts, { query: {} })).toBe('404 not_found')
  for (const body of [{ is_admin: false }, { status: 'disabled' as const }])
    expect(await anna.outcome(updateAccount, { params, body })).toBe('409 last_admin')
  await anna.call(updateAccount, { params: self, body: { is_admin: true } })
  await admin.call(updateAccount, { params, body: { is_admin: false } })
})

test('of the last two administrators who remove each other at once one stays', async () => {
  for (let round = 0; round < 5; round++) {
    const other = await administrator(server)
    const outcomes = await Promise.all([
      admin.outcome(updateAccount, { params: { user_id: other.id }, body: { is_admin: false } }),
      other.outcome(updateAccount, { params: { user_id: admin.id }, body: { is_admin: false } }),
    ])
    expect(outcomes.filter((outcome) => outcome === '200')).toHaveLength(1)
    expect(await server.value('select count(*)::int from users where is_admin')).toBe(1)
    await server.value('update users set is_admin = true where id = $1', admin.id)
    await server.value('update users set is_admin = false where id = $1', other.id)
  }
})

test('whoever lost their second factor signs in without it once an administrator took it away', async () => {
  const anna = await server.person()
  await withFactor(server, anna)
  await server.value(`insert into recovery_codes (user_id, hash) values ($1, '\\x01')`, anna.id)
  const params = { user_id: anna.id }
  const noted = await audited(() => admin.call(resetSecondFactor, { params }))
  expect(noted).toEqual([
    { action: 'second_factor.reset', actor_id: admin.id, target_kind: 'user', target_id: anna.id },
  ])
  expect(await admin.call(getAccount, { params })).toMatchObject({ second_factor: false })
  expect(await server.value('select count(*)::int from recovery_codes')).toBe(0)
})

test('AU-06: an administrator signs somebody out everywhere', async () => {
  const anna = await server.person()
  const noted = await audited(() =>
    admin.call(endAccountSessions, { params: { user_id: anna.id } }),
  )
  expect(noted).toMatchObject([{ action: 'session.ended', actor_id: admin.id }])
  await until(async () => (await anna.outcome(getMe, {})) === '401 not_signed_in')
  expect(await admin.outcome(getMe, {})).toBe('200')
})
