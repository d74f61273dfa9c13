import { type Chat, createChat, getChat, listChats, removeWorkspaceMember } from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { request } from '../fixtures/call.ts'
import { type Person, query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const [anna, bob, carl, stranger] = [
  await server.person('anna'),
  await server.person('bob'),
  await server.person('carl'),
  await server.person('stranger'),
]
const workspace = await server.workspace(anna, bob, carl)
await server.workspace(stranger)

const open = (person: Person, body: Parameters<typeof person.call<typeof createChat>>[1]['body']) =>
  person.ask(createChat, { body })

test('a single chat is opened once, whoever opens it', async () => {
  const first = await open(anna, { type: 'single', user_id: bob.id })
  expect(first.status).toBe(201)
  expect(first.body).toMatchObject({
    type: 'single',
    name: null,
    workspace_id: null,
    member_count: 2,
    users: [anna.id, bob.id],
  })
  const second = await open(bob, { type: 'single', user_id: anna.id })
  expect(second).toMatchObject({ status: 200, body: { id: first.body.id } })
})

test('twenty who open one single chat from both sides at the same moment get one chat', async () => {
  const [dora, emil] = [await server.person(), await server.person()]
  await server.workspace(dora, emil)
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      n % 2 === 0
        ? open(dora, { type: 'single', user_id: emil.id })
        : open(emil, { type: 'single', user_id: dora.id }),
    ),
  )
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(19)
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
  const events = await query<{ kind: string }>(
    server.pool,
    `select kind from event_log where topic_id = any ($1)
       and kind = any ('{NewChat,AddToChat}') and body->'chat'->>'type' = 'single'`,
    [dora.id, emil.id],
  )
  expect(events.map(({ kind }) => kind)).toEqual(['NewChat', 'NewChat'])
})

test('strangers, oneself and people who left are not there to chat with', async () => {
  const unknown = 2 ** 52
  const left = await server.person()
  const shared = await server.workspace(anna, left)
  await anna.call(removeWorkspaceMember, { params: { id: shared.id, user_id: left.id } })
  for (const user_id of [stranger.id, anna.id, left.id, unknown]) {
    expect(await open(anna, { type: 'single', user_id })).toMatchObject({ status: 404 })
    expect(await open(anna, { type: 'group', user_ids: [bob.id, user_id] })).toMatchObject(
      user_id === anna.id ? { status: 201 } : { status: 404 },
    )
  }
})

test('a group has from two people to as many as the instance allows', async () => {
  const many = await Promise.all(Array.from({ length: 50 }, () => server.person()))
  await server.workspace(anna, ...many)
  const ids = many.map(({ id }) => id)
  expect(await open(anna, { type: 'group', user_ids: [] })).toMatchObject({
    code: 'group_too_large',
  })
  expect(await open(anna, { type: 'group', user_ids: [anna.id] })).toMatchObject({
    code: 'group_too_large',
  })
  expect(await open(anna, { type: 'group', user_ids: ids })).toMatchObject({
    code: 'group_too_large',
  })
  const full = await open(anna, { type: 'group', user_ids: ids.slice(1), name: 'Us' })
  expect(full).toMatchObject({ status: 201, body: { member_count: 50, name: 'Us', role: 'owner' } })
  expect(await open(anna, { type: 'group', user_ids: [bob.id, bob.id] })).toMatchObject({
    code: 'invalid_request',
  })
})

test('a channel belongs to one workspace, and all its people come from there', async () => {
  const made = await open(anna, {
    type: 'private_channel',
    name: 'secret',
    description: 'hush',
    history: 'since_join',
    workspace_id: workspace.id,
    user_ids: [bob.id],
  })
  expect(made).toMatchObject({
    status: 201,
    body: { name: 'secret', description: 'hush', history: 'since_join', users: [anna.id, bob.id] },
  })
  expect(
    await open(anna, {
      type: 'public_channel',
      name: 'mixed',
      workspace_id: workspace.id,
      user_ids: [bob.id, stranger.id],
    }),
  ).toMatchObject({ code: 'unknown_user' })
  expect(
    await open(stranger, { type: 'public_channel', name: 'x', workspace_id: workspace.id }),
  ).toMatchObject({ status: 404 })
})

test('whoever is in one workspace only need not name it', async () => {
  const dora = await server.person()
  const shared = await server.workspace(dora)
  const made = await open(dora, { type: 'public_channel', name: 'implied' })
  expect(made.body.workspace_id).toBe(shared.id)
  await server.workspace(dora)
  expect(await open(dora, { type: 'public_channel', name: 'which' })).toMatchObject({
    code: 'workspace_required',
  })
  const nobodys = await server.person()
  expect(await open(nobodys, { type: 'public_channel', name: 'none' })).toMatchObject({
    code: 'workspace_required',
  })
})

test('the name of a channel is taken in its workspace whatever its case, also at the same moment', async () => {
  const create = (name: string, workspace_id: number) =>
    anna.outcome(createChat, { body: { type: 'public_channel', name, workspace_id } })
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, (_, n) => create(n % 2 ? 'Ünique' : 'üniquE', workspace.id)),
  )
  expect(outcomes.toSorted()).toEqual(['201', ...Array(9).fill('409 channel_name_taken')])
  // The same letters, composed differently; general is there from the start.
  expect(await create('U\u0308NIQUE', workspace.id)).toBe('409 channel_name_taken')
  expect(await create('GENERAL', workspace.id)).toBe('409 channel_name_taken')
  const other = await server.workspace(anna)
  expect(await create('ünique', other.id)).toBe('201')
})

test('what nobody may set is refused', async () => {
  const codeOf = async (more: object) => {
    const body = { type: 'group', user_ids: [bob.id], ...more }
    return (await request(server.url, createChat, { body }, { token: anna.token })).code
  }
  for (const extra of [
    { id: 5 },
    { created_by: bob.id },
    { is_general: true },
    { member_count: 9 },
    { workspace_id: workspace.id },
    { type: 'public_channel', name: 'a', history: 'since_join' },
    { type: 'single', user_id: bob.id },
    { type: 'single', user_id: bob.id, name: 'no', user_ids: undefined },
  ]) {
    expect({ extra, code: await codeOf(extra) }).toEqual({ extra, code: 'invalid_request' })
  }
})

test('one lists and gets the chats one is in', async () => {
  const dora = await server.person()
  await server.workspace(dora, anna)
  const made: Chat[] = []
  for (const name of ['one', 'two', 'three']) {
    made.push((await open(dora, { type: 'private_channel', name })).body)
  }
  const seen: Chat[] = []
  for (let more = true, after = 1; more;) {
    const page = await dora.call(listChats, {
      query: { limit: 2, after },
    })
    seen.push(...page.chats)
    more = page.has_more
    after = seen.at(-1)?.id ?? after
  }
  expect(seen.map(({ name }) => name)).toEqual(['general', 'one', 'two', 'three'])
  for (const chat of seen) {
    expect(await dora.call(getChat, { params: { id: chat.id } })).toEqual(chat)
  }
  expect(seen.slice(1)).toEqual(made)
})
