import {
  acceptInvite,
  createInvite,
  getWorkspace,
  listInvites,
  previewInvite,
  revokeInvite,
} from '@parley/contract'
import { until } from '@parley/core/testing/until'
import { afterAll, expect, test } from 'vitest'
import { startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const anna = await server.person()
const { id } = await server.workspace(anna)

const invite = (body: { max_uses?: number; expires_in_seconds?: number; role?: 'admin' } = {}) =>
  anna.call(createInvite, { params: { id }, body })

const usesOf = (code: string) =>
  server.value('select uses from workspace_invites where code = $1', code)

test('whoever holds an invite sees where it leads and joins with its role', async () => {
  const { code, expires_at } = await invite({ role: 'admin' })
  expect(Date.parse(expires_at ?? '')).toBeGreaterThan(Date.now() + 6 * 24 * 3600 * 1000)
  const { workspace } = await server.nobody.call(previewInvite, { params: { code } })
  expect(Object.keys(workspace).toSorted()).toEqual(['id', 'member_count', 'name'])
  const bob = await server.person()
  expect(await bob.call(acceptInvite, { params: { code } })).toMatchObject({ id, role: 'admin' })
})

test('accepting twice uses the invite once, also at the same moment', async () => {
  const { code } = await invite()
  const bob = await server.person()
  // Both get past the look at who is a member before either of them becomes one.
  const release = await server.hold(id)
  const accepting = [1, 2].map(() => bob.outcome(acceptInvite, { params: { code } }))
  await until(async () => (await server.waiting()) === 2)
  await release()
  expect(await Promise.all(accepting)).toEqual(['200', '200'])
  expect(await bob.outcome(acceptInvite, { params: { code } })).toBe('200')
  expect(await usesOf(code)).toBe(1)
})

test('AU-25: of fifty who accept an invite for seven at the same moment exactly seven get in', async () => {
  const { code } = await invite({ max_uses: 7 })
  const people = await Promise.all(Array.from({ length: 50 }, () => server.person()))
  const outcomes = await Promise.all(
    people.map((person) => person.outcome(acceptInvite, { params: { code } })),
  )
  expect(outcomes.filter((outcome) => outcome === '200')).toHaveLength(7)
  expect(outcomes.filter((outcome) => outcome === '410 invite_gone')).toHaveLength(43)
  expect(await usesOf(code)).toBe(7)
  const seen = await Promise.all(
    people.map((person) => person.outcome(getWorkspace, { params: { id } })),
  )
  expect(seen).toEqual(outcomes.map((o) => (o === '200' ? '200' : '404 not_found')))
  // Those who are in it come again, though it is used up.
  const member = people[outcomes.indexOf('200')]
  expect(await member?.outcome(acceptInvite, { params: { code } })).toBe('200')
})

test('AU-25: an expired, revoked or used up invite is gone, an unknown one is not there', async () => {
  const expired = await invite({ expires_in_seconds: 1000 })
  await server.value(
    `update workspace_invites set expires_at = now() - interval '1 second' where code = $1`,
    expired.code,
  )
  const revoked = await invite()
  const params = { id, code: revoked.code }
  expect(await anna.outcome(revokeInvite, { params })).toBe('204')
  expect(await anna.outcome(revokeInvite, { params })).toBe('404 not_found')
  const used = await invite({ max_uses: 1 })
  await (await server.person()).call(acceptInvite, { params: { code: used.code } })

  const bob = await server.person()
  for (const { code } of [expired, revoked, used]) {
    expect(await bob.outcome(acceptInvite, { params: { code } })).toBe('410 invite_gone')
    expect(await server.nobody.outcome(previewInvite, { params: { code } })).toBe('410 invite_gone')
  }
  const { invites } = await anna.call(listInvites, { params: { id } })
  const listed = invites.map(({ code }) => code)
  for (const { code } of [expired, revoked, used]) expect(listed).not.toContain(code)
  const unknown = { params: { code: 'abcdefghijklmnopqrstuv' } }
  expect(await bob.outcome(acceptInvite, unknown)).toBe('404 not_found')
  expect(await server.nobody.outcome(previewInvite, unknown)).toBe('404 not_found')
})

test('AU-25: nobody revokes the invite of another workspace', async () => {
  const { code } = await invite()
  const stranger = await server.person()
  const other = await server.workspace(stranger)
  const foreign = { params: { id: other.id, code } }
  expect(await stranger.outcome(revokeInvite, foreign)).toBe('404 not_found')
  expect(await server.nobody.outcome(previewInvite, { params: { code } })).toBe('200')
})
