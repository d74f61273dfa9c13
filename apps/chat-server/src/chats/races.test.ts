import {
  createChat,
  deleteWorkspace,
  joinChat,
  joinWorkspace,
  leaveChat,
  putChatMember,
  listChats,
  removeWorkspaceMember,
  updateChat,
  updateMe,
  updateWorkspace,
} from '@parley/contract'
import { until } from '@parley/core/testing/until'
import { afterAll, expect, test } from 'vitest'
import { type Person, query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())

const waiting = (many: number) => until(async () => (await server.waiting()) >= many)
const open = (by: Person, workspace_id: number, ...people: Person[]) =>
  by.outcome(createChat, {
    body: {
      type: 'private_channel',
      name: 'fresh',
      workspace_id,
      user_ids: people.map(({ id }) => id),
    },
  })

const kindsIn = async (topic: number) =>
  (
    await query<{ kind: string }>(
      server.pool,
      'select kind from event_log where topic_id = $1 order by seq',
      topic,
    )
  ).map(({ kind }) => kind)

test('a channel that is opened while somebody is removed from the workspace does without them', async () => {
  const [anna, bob] = [await server.person(), await server.person()]
  const { id, general } = await server.workspace(anna, bob)
  // The removal has happened, and waits for one of the channels that Bob leaves with it.
  const release = await server.hold(general)
  const removing = anna.outcome(removeWorkspaceMember, { params: { id, user_id: bob.id } })
  await waiting(1)
  const opening = open(anna, id, bob)
  await waiting(2)
  await release()
  expect([await removing, await opening]).toEqual(['204', '422 unknown_user'])
  expect((await bob.call(listChats, { query: {} })).chats).toEqual([])
})

test('a channel that is opened while its workspace is deleted goes with it', async () => {
  const [anna, bob] = [await server.person(), await server.person()]
  const { id } = await server.workspace(anna, bob)
  const release = await server.hold(bob.id)
  const opening = open(bob, id)
  await waiting(1)
  const deleting = anna.outcome(deleteWorkspace, { params: { id } })
  await Promise.race([deleting, waiting(2)])
  await release()
  expect(await deleting).toBe('204')
  await opening
  expect((await bob.call(listChats, { query: {} })).chats).toEqual([])
})

test('nobody joins a workspace behind its last event', async () => {
  const [anna, bob] = [await server.person(), await server.person()]
  const { id } = await server.workspace(anna)
  await anna.call(updateWorkspace, { params: { id }, body: { join_policy: 'open' } })
  // Bob has found it open and waits to be let in.
  const release = await server.hold(bob.id)
  const joining = bob.outcome(joinWorkspace, { params: { id } })
  await waiting(1)
  const deleting = anna.outcome(deleteWorkspace, { params: { id } })
  await Promise.race([deleting, waiting(2)])
  await release()
  await Promise.all([joining, deleting])
  expect((await kindsIn(id)).at(-1)).toBe('WorkspaceDeleted')
})

/** A deadlock is found after a second, and what it undid is done again. */
const withoutDeadlock = (since: number) => expect(performance.now() - since).toBeLessThan(900)

test('a workspace that is renamed while somebody joins it makes neither wait for the other', async () => {
  const [anna, bob] = [await server.person(), await server.person()]
  const { id, general } = await server.workspace(anna)
  await anna.call(updateWorkspace, { params: { id }, body: { join_policy: 'open' } })
  // Bob holds the workspace, and waits for its channel general.
  const release = await server.hold(general)
  const joining = bob.outcome(joinWorkspace, { params: { id } })
  await waiting(1)
  const renaming = anna.outcome(updateWorkspace, { params: { id }, body: { name: 'Renamed' } })
  await waiting(2)
  const since = performance.now()
  await release()
  expect(await Promise.all([joining, renaming])).toEqual(['200', '200'])
  withoutDeadlock(since)
})

test('a setting that is changed while its person leaves makes neither wait for the other', async () => {
  const [anna, bob] = [await server.person(), await server.person()]
  const { general } = await server.workspace(anna, bob)
  const params = { id: general }
  for (let round = 0; round < 40; round++) {
    const since = performance.now()
    const notification = round % 2 === 0 ? 'none' : 'mentions'
    const [set, left] = await Promise.all([
      bob.outcome(updateChat, { params, body: { notification } }),
      bob.outcome(leaveChat, { params }),
    ])
    expect(['200', '403 not_a_member']).toContain(set)
    expect(left).toBe('204')
    withoutDeadlock(since)
    await bob.call(joinChat, { params })
  }
})

const rename = (person: Person) =>
  person.outcome(updateMe, { body: { username: `${person.username}-renamed` } })

test('a new name is told in the chat to which its person is being added', async () => {
  const [anna, bob] = [await server.person(), await server.person()]
  await server.workspace(anna, bob)
  const { id } = await anna.call(createChat, { body: { type: 'group', user_ids: [bob.id] } })
  await bob.call(leaveChat, { params: { id } })
  const release = await server.hold(bob.id)
  const adding = anna.outcome(putChatMember, { params: { id, user_id: bob.id }, body: {} })
  await waiting(1)
  const renaming = rename(bob)
  await waiting(2)
  await release()
  expect(await Promise.all([adding, renaming])).toEqual(['201', '200'])
  expect((await kindsIn(id)).slice(-2)).toEqual(['MemberJoined', 'UserUpdated'])
})

test('a new name is not told behind the end of a workspace', async () => {
  const [anna, bob] = [await server.person(), await server.person()]
  const { id } = await server.workspace(anna, bob)
  const release = await server.hold(bob.id)
  const renaming = rename(bob)
  await waiting(1)
  const deleting = anna.outcome(deleteWorkspace, { params: { id } })
  await Promise.race([deleting, waiting(2)])
  await release()
  expect(await Promise.all([deleting, renaming])).toEqual(['204', '200'])
  expect((await kindsIn(id)).at(-1)).toBe('WorkspaceDeleted')
})
