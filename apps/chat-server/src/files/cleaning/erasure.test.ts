import {
  createChat,
  eraseMe,
  getMe,
  listEvents,
  listFileUrls,
  listMessages,
  listWorkspaceMembers,
  removeWorkspaceMember,
  sendMessage,
  signIn,
  signUp,
  updateWorkspaceMember,
} from '@parley/contract'
import { createLog } from '@parley/core/log'
import { afterAll, expect, test } from 'vitest'
import { type Person, startChatServer } from '../../fixtures/chat-server.ts'
import { leaveAlone, uploaded } from '../../fixtures/files.ts'
import { sightings } from '../../fixtures/sightings.ts'
import { clean } from './clean.ts'

const server = await startChatServer()
afterAll(() => server.stop())
await leaveAlone(server)
const password = 'a long password'
const erase = { body: { password } }
await server.nobody.call(signUp, {
  body: { username: 'first', email: 'first@example.org', password },
})
const hash = await server.value('select password_hash from users')

/** Somebody whose password is known. */
async function someone(name: string): Promise<Person & { email: string }> {
  const person = await server.person(name)
  await server.value('update users set password_hash = $1 where id = $2', hash, person.id)
  return { ...person, email: `${name}@example.org` }
}
const tidy = async () => {
  while ((await server.value('select purge_deleted_chats(500)')) !== 0) continue
  await clean({ ...server, log: createLog('test', 'silent') }, new Date(Date.now() + 1_000))
}
const send = (by: Person, chat: number, content: string, ...files: number[]) =>
  by.call(sendMessage, { params: { id: chat }, body: { content, files } })

test('only who knows the password erases an account', async () => {
  const anna = await someone('anna')
  const wrong = { body: { password: 'another password' } }
  expect(await anna.outcome(eraseMe, wrong)).toBe('403 wrong_password')
  expect(await anna.call(getMe, {})).toMatchObject({ username: 'anna' })
})

test('OP-06: what somebody wrote to others stays, by nobody’s name, and nothing else of them does', async () => {
  const [bob, carl] = [await someone('canary-bob'), await server.person('carl')]
  const { id: workspace, general } = await server.workspace(carl, bob)
  const shared = await uploaded(server.url, bob, 'shared.txt', 'for all')
  const unsent = await uploaded(server.url, bob, 'unsent.txt', 'canary-unsent')
  const { seq } = await send(bob, general, 'Hello', shared.id)

  expect(await bob.call(eraseMe, erase)).toBeNull()
  expect(await bob.outcome(getMe, {})).toBe('401 not_signed_in')
  expect(await server.nobody.outcome(signIn, { body: { email: bob.email, password } })).toBe(
    '401 invalid_credentials',
  )

  const name = `deleted-user-${bob.id}`
  const params = { id: general }
  const page = await carl.call(listMessages, { params, query: {} })
  expect(page.messages).toMatchObject([{ sender_id: bob.id, content: 'Hello' }])
  expect(page.users).toMatchObject([{ id: bob.id, username: name }])
  const { urls } = await carl.call(listFileUrls, { query: { ids: [shared.id] } })
  expect(urls).toHaveLength(1)
  const { members } = await carl.call(listWorkspaceMembers, {
    params: { id: workspace },
    query: {},
  })
  expect(members.map(({ id }) => id)).toEqual([carl.id])
  // Those who have it open hear of the new name first.
  const ofChat = await carl.call(listEvents, { params, query: { after: seq } })
  expect(ofChat.events).toMatchObject([{ kind: 'MemberLeft', user_ids: [bob.id] }])
  expect(
    await server.value(
      `select body->'user'->>'username' from event_log where topic_id = $1 and kind = 'UserUpdated'`,
      workspace,
    ),
  ).toBe(name)

  await tidy()
  expect(await server.value('select count(*) from files where id = $1', unsent.id)).toBe(0)
  expect(await sightings(server, 'canary-unsent')).toEqual([])
  // The log keeps what happened for as long as it keeps anything.
  expect(new Set(await sightings(server, 'canary-bob'))).toEqual(new Set(['event_log']))
  await server.nobody.call(signUp, { body: { username: 'canary-bob', email: bob.email, password } })
})

test('workspaces and private channels that nobody else is in go, with their files', async () => {
  const dora = await someone('dora')
  const { general } = await server.workspace(dora)
  const file = await uploaded(server.url, dora, 'canary-alone.txt', 'canary-alone')
  await send(dora, general, 'canary-alone', file.id)
  const host = await server.workspace(await server.person('hosts'), dora)
  const group = await dora.call(createChat, {
    body: { type: 'private_channel', workspace_id: host.id, name: 'alone' },
  })
  await send(dora, group.id, 'canary-alone')
  expect(new Set(await sightings(server, 'canary-alone'))).toEqual(
    new Set(['event_log', 'files', 'folder', 'messages']),
  )
  await dora.call(eraseMe, erase)
  await tidy()
  expect(
    (await sightings(server, 'canary-alone')).filter((place) => place !== 'event_log'),
  ).toEqual([])
})

test('a direct message goes when both are gone', async () => {
  const [eve, finn] = [await someone('eve'), await someone('finn')]
  await server.workspace(await server.person('host'), eve, finn)
  const { id: talk } = await eve.call(createChat, { body: { type: 'single', user_id: finn.id } })
  const file = await uploaded(server.url, eve, 'a.txt', 'canary-talk')
  await send(eve, talk, 'canary-talk', file.id)
  await eve.call(eraseMe, erase)
  await tidy()
  const { messages } = await finn.call(listMessages, { params: { id: talk }, query: {} })
  expect(messages).toMatchObject([{ content: 'canary-talk', files: [{ id: file.id }] }])
  await finn.call(eraseMe, erase)
  await tidy()
  expect(await sightings(server, 'canary-talk')).toEqual([])
})

test('the last owner of others’ workspace finds a new one first', async () => {
  const [gina, hans] = [await someone('gina'), await server.person('hans')]
  const { id: workspace } = await server.workspace(gina, hans)
  expect(await gina.outcome(eraseMe, erase)).toBe('409 last_owner')
  expect(await gina.call(getMe, {})).toMatchObject({ username: 'gina' })
  const heir = { params: { id: workspace, user_id: hans.id } }
  await gina.call(updateWorkspaceMember, { ...heir, body: { role: 'owner' } })
  expect(await gina.call(eraseMe, erase)).toBeNull()
  expect(await hans.outcome(removeWorkspaceMember, heir)).toBe('409 last_owner')
})
