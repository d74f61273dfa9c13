import {
  createChat,
  createWorkspace,
  deleteChat,
  deleteWorkspace,
  getChat,
  getWorkspace,
  joinWorkspace,
  listChats,
  listMessages,
  listWorkspaceMembers,
  listWorkspaces,
  removeWorkspaceMember,
  sendMessage,
  updateWorkspace,
} from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())

test('a new workspace has its channel general, and its maker owns both', async () => {
  const anna = await server.person()
  const made = await anna.call(createWorkspace, { body: { name: 'Bakery' } })
  expect(made).toMatchObject({ name: 'Bakery', join_policy: 'invite', member_count: 1 })
  expect(made.role).toBe('owner')
  const { chats } = await anna.call(listChats, { query: { workspace_id: made.id } })
  expect(chats).toMatchObject([
    { name: 'general', type: 'public_channel', is_general: true, role: 'owner', users: [anna.id] },
  ])
})

test('the name of a workspace is taken whatever its case, also when two make it at once', async () => {
  const anna = await server.person()
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      anna.outcome(createWorkspace, { body: { name: n % 2 === 0 ? 'Ärzte' : 'ÄRZTE' } }),
    ),
  )
  expect(outcomes.toSorted()).toEqual(['201', ...Array(7).fill('409 workspace_name_taken')])
})

test('a name that grows beyond its bound when it is normalised is refused, not a server error', async () => {
  const anna = await server.person()
  // U+0958 becomes two characters in NFC.
  const name = '\u0958'.repeat(64)
  expect(await anna.outcome(createWorkspace, { body: { name } })).toBe('400 invalid_request')
})

test('anybody joins an open workspace, nobody one that takes invites', async () => {
  const [anna, bob] = [await server.person(), await server.person()]
  const { id } = await anna.call(createWorkspace, { body: { name: 'Club', join_policy: 'open' } })
  expect((await bob.call(listWorkspaces, {})).open).toContainEqual({
    id,
    name: 'Club',
    member_count: 1,
  })
  expect(await bob.call(joinWorkspace, { params: { id } })).toMatchObject({
    role: 'member',
    member_count: 2,
  })
  // Again changes nothing.
  expect(await bob.call(joinWorkspace, { params: { id } })).toMatchObject({ member_count: 2 })
  await anna.call(updateWorkspace, { params: { id }, body: { join_policy: 'invite' } })
  const carl = await server.person()
  expect(await carl.outcome(joinWorkspace, { params: { id } })).toBe('404 not_found')
  expect((await carl.call(listWorkspaces, {})).open).not.toContainEqual(
    expect.objectContaining({ id }),
  )
})

test('whoever leaves a workspace leaves all its channels in the same transaction', async () => {
  const [anna, bob] = [await server.person(), await server.person()]
  const { id, general } = await server.workspace(anna, bob)
  const before = await server.value('select coalesce(max(id), 0) from event_log')
  await bob.call(removeWorkspaceMember, { params: { id, user_id: bob.id } })
  const events = await query<{ kind: string; xid: string }>(
    server.pool,
    'select kind, xid from event_log where id > $1 order by id',
    before,
  )
  expect(events.map(({ kind }) => kind).toSorted()).toEqual([
    'MemberLeft',
    'RemoveFromChat',
    'RemoveFromWorkspace',
    'WorkspaceMemberLeft',
  ])
  expect(new Set(events.map(({ xid }) => xid)).size).toBe(1)
  expect((await bob.call(listChats, { query: {} })).chats).toEqual([])
  expect(await anna.call(getChat, { params: { id: general } })).toMatchObject({ member_count: 1 })
})

test('for a removed member nothing of the workspace is there', async () => {
  const [anna, bob] = [await server.person(), await server.person()]
  const { id, general } = await server.workspace(anna, bob)
  const { id: message_id } = await bob.call(sendMessage, {
    params: { id: general },
    body: { content: 'hello' },
  })
  await anna.call(removeWorkspaceMember, { params: { id, user_id: bob.id } })
  expect([
    await bob.outcome(getWorkspace, { params: { id } }),
    await bob.outcome(listWorkspaceMembers, { params: { id }, query: {} }),
    await bob.outcome(removeWorkspaceMember, { params: { id, user_id: bob.id } }),
    await bob.outcome(getChat, { params: { id: general } }),
    await bob.outcome(listMessages, { params: { id: general }, query: {} }),
    await bob.outcome(sendMessage, { params: { id: general }, body: { content: 'still here' } }),
  ]).toEqual(Array(6).fill('404 not_found'))
  expect(message_id).toBeGreaterThan(0)
})

test('a deleted workspace is gone with its channels, and its name is free again', async () => {
  const [anna, bob] = [await server.person(), await server.person()]
  const { id } = await anna.call(createWorkspace, { body: { name: 'Ship', join_policy: 'open' } })
  await bob.call(joinWorkspace, { params: { id } })
  const { chats } = await bob.call(listChats, { query: { workspace_id: id } })
  expect(await bob.outcome(deleteWorkspace, { params: { id } })).toBe('403 forbidden')
  expect(await anna.outcome(deleteWorkspace, { params: { id } })).toBe('204')
  for (const member of [anna, bob]) {
    expect(await member.outcome(getWorkspace, { params: { id } })).toBe('404 not_found')
    for (const chat of chats) {
      expect(await member.outcome(getChat, { params: { id: chat.id } })).toBe('404 not_found')
    }
  }
  expect(await anna.outcome(createWorkspace, { body: { name: 'ship' } })).toBe('201')
})

test('the members come in pages, each once', async () => {
  const people = await Promise.all(Array.from({ length: 7 }, () => server.person()))
  const [anna, ...others] = people
  if (anna === undefined) throw new Error('nobody')
  const { id } = await server.workspace(anna, ...others)
  const seen: number[] = []
  for (let more = true, after = 1; more;) {
    const page = await anna.call(listWorkspaceMembers, {
      params: { id },
      query: { limit: 3, after },
    })
    seen.push(...page.members.map((member) => member.id))
    more = page.has_more
    after = seen.at(-1) ?? after
  }
  expect(seen).toEqual(people.map((person) => person.id).toSorted((a, b) => a - b))
})

test('a deleted channel has had its last event, also when its members leave the workspace', async () => {
  const [anna, bob] = [await server.person(), await server.person()]
  const { id, general } = await server.workspace(anna, bob)
  const { id: gone } = await anna.call(createChat, {
    body: { type: 'private_channel', name: 'gone', workspace_id: id, user_ids: [bob.id] },
  })
  await anna.call(deleteChat, { params: { id: gone } })
  await bob.call(removeWorkspaceMember, { params: { id, user_id: bob.id } })
  const events = await query<{ kind: string; chat_id: string | null }>(
    server.pool,
    `select kind, body->>'chat_id' as chat_id from event_log where topic_id = any ($1) order by id`,
    [gone, bob.id],
  )
  const left = events.slice(events.findIndex(({ kind }) => kind === 'ChatDeleted') + 1)
  expect(left).toEqual([
    { kind: 'RemoveFromChat', chat_id: String(general) },
    { kind: 'RemoveFromWorkspace', chat_id: null },
  ])
})
