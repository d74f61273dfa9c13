import {
  type Role,
  createChat,
  deleteMessage,
  editMessage,
  getChat,
  getMessage,
  listEvents,
  listMessages,
  putChatMember,
  removeChatMember,
  sendMessage,
} from '@parley/contract'
import { until } from '@parley/core/testing/until'
import { afterAll, expect, test } from 'vitest'
import { type Person, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const [anna, bob, carl] = [
  await server.person('anna'),
  await server.person('bob'),
  await server.person('carl'),
]
await server.workspace(anna, bob, carl)

const room = (history: 'all' | 'since_join' = 'all', people = [bob.id, carl.id]) =>
  anna.call(createChat, { body: { type: 'group', user_ids: people, history } })
const send = (by: Person, id: number, content: string, reply_to?: number) =>
  by.call(sendMessage, {
    params: { id },
    body: { content, ...(reply_to === undefined ? {} : { reply_to }) },
  })
const edit = (by: Person, id: number, message_id: number, content: string) =>
  by.ask(editMessage, { params: { id, message_id }, body: { content } })
const remove = (by: Person, id: number, message_id: number) =>
  by.outcome(deleteMessage, { params: { id, message_id } })

test('the sender changes the text, and whom it mentions with it', async () => {
  const { id } = await room()
  const sent = await send(anna, id, 'hello @bob')
  const { body } = await edit(anna, id, sent.id, 'hello @carl')
  expect(body).toMatchObject({
    ...sent,
    content: 'hello @carl',
    mentions: [carl.id],
    edited_at: expect.any(String),
  })
  expect(await bob.call(getChat, { params: { id } })).toMatchObject({ mention_count: 0 })
  expect(await carl.call(getChat, { params: { id } })).toMatchObject({ mention_count: 1 })
  const { events } = await bob.call(listEvents, { params: { id }, query: { after: sent.seq } })
  expect(events).toMatchObject([
    { kind: 'MessageUpdated', seq: sent.seq + 1, actor_id: anna.id, message: body },
  ])
  // The same text again is no change.
  expect((await edit(anna, id, sent.id, 'hello @carl')).body).toEqual(body)
  expect((await anna.call(getChat, { params: { id } })).last_seq).toBe(sent.seq + 1)
  expect((await edit(anna, id, sent.id, 'x'.repeat(8001))).code).toBe('invalid_request')
})

test('AZ-15: nobody changes what somebody else said, whatever their role', async () => {
  const roles: Role[] = ['owner', 'admin', 'member']
  const { id } = await room()
  for (const role of roles) {
    await anna.call(putChatMember, { params: { id, user_id: bob.id }, body: { role } })
    const { id: message_id } = await send(carl, id, 'mine')
    expect((await edit(bob, id, message_id, 'yours')).code).toBe('forbidden')
    expect(await remove(bob, id, message_id)).toBe(role === 'member' ? '403 forbidden' : '204')
    expect(await remove(carl, id, message_id)).toBe(role === 'member' ? '204' : '404 not_found')
  }
})

test('AZ-15: whoever was removed changes nothing any more', async () => {
  const { id } = await room()
  const { id: message_id } = await send(carl, id, 'mine')
  await anna.call(removeChatMember, { params: { id, user_id: carl.id } })
  expect((await edit(carl, id, message_id, 'still mine')).status).toBe(404)
  expect(await remove(carl, id, message_id)).toBe('404 not_found')
})

test('a change that races a removal has a seq before it, or is refused', async () => {
  const { id } = await room()
  const { id: message_id } = await send(carl, id, 'mine')
  // Holds both up at the point where only the seq is left to be taken.
  const release = await server.hold(id)
  const removal = anna.call(removeChatMember, { params: { id, user_id: carl.id } })
  await until(async () => (await server.waiting()) === 1)
  const editing = edit(carl, id, message_id, 'too late')
  await until(async () => (await server.waiting()) === 2)
  await release()
  await removal
  expect((await editing).status).toBe(404)
  const left = await server.value(
    'select max(left_seq) from chat_members where chat_id = $1 and user_id = $2',
    id,
    carl.id,
  )
  const last = await server.value(
    `select max(seq) from event_log where topic_id = $1 and actor_id = $2`,
    id,
    carl.id,
  )
  expect(Number(last)).toBeLessThan(Number(left))
})

test('AZ-16: a deleted message leaves its place and nothing to read, in the log neither', async () => {
  const { id } = await room()
  const sent = await send(carl, id, 'a canary @bob')
  await edit(carl, id, sent.id, 'a canary again @bob')
  const answer = await send(bob, id, 'what?', sent.id)
  expect(await remove(carl, id, sent.id)).toBe('204')
  const tomb = await anna.call(getMessage, { params: { id, message_id: sent.id } })
  expect(tomb).toMatchObject({
    seq: sent.seq,
    content: '',
    mentions: [],
    deleted_at: expect.any(String),
  })
  const { messages } = await anna.call(listMessages, { params: { id }, query: {} })
  expect(messages).toEqual([tomb, answer])
  expect((await edit(carl, id, sent.id, 'back')).status).toBe(404)
  expect(await remove(carl, id, sent.id)).toBe('404 not_found')
  expect(await bob.call(getChat, { params: { id } })).toMatchObject({ mention_count: 0 })
  for (const table of ['messages', 'event_log', 'message_mentions']) {
    const found = `select count(*) from ${table} t where t::text like '%canary%'`
    expect({ table, found: await server.value(found) }).toEqual({ table, found: 0 })
  }
  const { events } = await anna.call(listEvents, { params: { id }, query: { after: sent.seq - 1 } })
  expect(events.map(({ kind }) => kind)).toEqual([
    'NewMessage',
    'MessageUpdated',
    'NewMessage',
    'MessageDeleted',
  ])
  // Whoever repeats the send learns that it is gone.
  expect(
    (await bob.ask(sendMessage, { params: { id }, body: { content: 'x', reply_to: sent.id } }))
      .code,
  ).toBe('unknown_reply')
})

test('AZ-14: who joins a chat that tells newcomers nothing reads nothing from before, by no way', async () => {
  const { id } = await room('since_join', [bob.id])
  const old = await send(anna, id, 'an old canary')
  await anna.call(putChatMember, { params: { id, user_id: carl.id }, body: {} })
  const fresh = await send(anna, id, 'welcome')
  const read = async (query: { before?: number; after?: number; around?: number }) =>
    carl.call(listMessages, { params: { id }, query })
  for (const query of [{}, { after: 0 }, { around: old.seq }, { around: fresh.seq }]) {
    expect(await read(query)).toMatchObject({ messages: [fresh], has_more_before: false })
  }
  expect(await read({ before: fresh.seq })).toMatchObject({ messages: [], has_more_before: false })
  const message = { id, message_id: old.id }
  const around = { params: { id }, query: { around_message: old.id } }
  expect(await carl.outcome(listMessages, around)).toBe('404 not_found')
  const then = { params: { id }, query: { around_time: old.created_at } }
  expect(await carl.call(listMessages, then)).toMatchObject({ messages: [fresh] })
  expect(await carl.outcome(getMessage, { params: message })).toBe('404 not_found')
  expect(
    await carl.outcome(sendMessage, { params: { id }, body: { content: 'q', reply_to: old.id } }),
  ).toBe('422 unknown_reply')
  // An edit or a deletion of what is hidden comes without its text.
  await edit(anna, id, old.id, 'a new canary')
  const { events } = await carl.call(listEvents, { params: { id }, query: { after: 0 } })
  expect(JSON.stringify(events)).not.toContain('canary')
  expect(events).toMatchObject([
    { kind: 'NewMessage' },
    { kind: 'MessageUpdated', message: { id: old.id, content: '', mentions: [] } },
  ])
  expect((await bob.call(listMessages, { params: { id }, query: {} })).messages).toHaveLength(2)
})

test('who comes back reads, and replies to, what lies inside their times', async () => {
  const { id } = await room('since_join')
  const first = await send(anna, id, 'while carl is in')
  await anna.call(removeChatMember, { params: { id, user_id: carl.id } })
  const missed = await send(anna, id, 'while carl is out')
  await anna.call(putChatMember, { params: { id, user_id: carl.id }, body: {} })
  const last = await send(anna, id, 'carl is back')
  const { messages } = await carl.call(listMessages, { params: { id }, query: {} })
  expect(messages).toEqual([first, last])
  const reply = (reply_to: number) =>
    carl.outcome(sendMessage, { params: { id }, body: { content: 'yes', reply_to } })
  expect(await reply(last.id)).toBe('201')
  expect(await reply(first.id)).toBe('201')
  expect(await reply(missed.id)).toBe('422 unknown_reply')
})

test('the events of a chat come in pages without a hole', async () => {
  const { id } = await room()
  for (let n = 0; n < 11; n++) await send(anna, id, `${n}`)
  const seqs: number[] = []
  for (let more = true; more;) {
    const page = await bob.call(listEvents, {
      params: { id },
      query: { after: seqs.at(-1) ?? 0, limit: 4 },
    })
    seqs.push(...page.events.map(({ seq }) => seq))
    more = page.has_more
  }
  // The first event is the joining of those who began with it, and theirs to know otherwise.
  expect(seqs).toEqual(Array.from({ length: 11 }, (_, n) => n + 2))
})
