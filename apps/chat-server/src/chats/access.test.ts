import {
  type Endpoint,
  createChat,
  deleteChat,
  deleteMessage,
  editMessage,
  getChat,
  getMessage,
  joinChat,
  leaveChat,
  listChatMembers,
  listEvents,
  listMessages,
  moveReadMarker,
  putChatMember,
  removeChatMember,
  sendMessage,
  updateChat,
} from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { request } from '../fixtures/call.ts'
import { startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const [anna, member, outsider, removed, foreigner] = [
  await server.person(),
  await server.person(),
  await server.person(),
  await server.person(),
  await server.person(),
]
const workspace = await server.workspace(anna, member, outsider, removed)
await server.workspace(foreigner)

/** Every way to a chat or into it, with valid ids. */
const ways = (id: number, message_id: number, user_id: number): [Endpoint, object][] => {
  const params = { id, message_id, user_id }
  return [
    [getChat, { params }],
    [updateChat, { params, body: {} }],
    [updateChat, { params, body: { name: 'mine' } }],
    [updateChat, { params, body: { notification: 'none' } }],
    [updateChat, { params, body: { add_user_ids: [user_id] } }],
    [updateChat, { params, body: { remove_user_ids: [user_id] } }],
    [deleteChat, { params }],
    [joinChat, { params }],
    [leaveChat, { params }],
    [listChatMembers, { params, query: {} }],
    [putChatMember, { params, body: {} }],
    [putChatMember, { params, body: { role: 'owner' } }],
    [removeChatMember, { params }],
    [sendMessage, { params, body: { content: 'hello' } }],
    [sendMessage, { params, body: { content: 'hello', reply_to: message_id } }],
    [listMessages, { params, query: {} }],
    [listMessages, { params, query: { around: 3 } }],
    [listMessages, { params, query: { around_message: message_id } }],
    [getMessage, { params }],
    [editMessage, { params, body: { content: 'changed' } }],
    [deleteMessage, { params }],
    [moveReadMarker, { params, body: { seq: 1 } }],
    [listEvents, { params, query: { after: 0 } }],
  ]
}

test.each(['private_channel', 'group', 'single'] as const)(
  'AZ-02, AZ-03, AZ-04: for whoever is not in it, a %s is byte for byte a chat that does not exist',
  async (type) => {
    const body =
      type === 'single'
        ? { type, user_id: member.id }
        : type === 'group'
          ? { type, user_ids: [member.id, removed.id] }
          : {
              type,
              name: 'hidden',
              workspace_id: workspace.id,
              user_ids: [member.id, removed.id],
            }
    const { id } = await anna.call(createChat, { body })
    const { id: message_id } = await anna.call(sendMessage, {
      params: { id },
      body: { content: 'a canary in the text' },
    })
    if (type !== 'single') {
      await anna.call(removeChatMember, { params: { id, user_id: removed.id } })
    }
    const rows = () =>
      server.value(
        `select jsonb_build_array((select count(*) from messages), (select count(*) from event_log),
           (select jsonb_agg(m order by user_id) from chat_members m))`,
      )
    const before = await rows()
    for (const [endpoint, input] of ways(id, message_id, member.id)) {
      const there = { ...input, params: { id, message_id, user_id: member.id } }
      const nowhere = { ...input, params: { id: 2 ** 50, message_id, user_id: member.id } }
      const nobody = await request(server.url, endpoint, there)
      expect(nobody.status).toBe(401)
      for (const { token } of [outsider, removed, foreigner]) {
        const answers = await Promise.all(
          [there, nowhere].map((each) => request(server.url, endpoint, each, { token })),
        )
        const shown = answers.map(({ status, body, headers }) => ({
          call: `${endpoint.method} ${endpoint.path}`,
          status,
          body: JSON.stringify({ ...Object(body), request_id: '' }),
          headers: [...headers]
            .filter(([name]) => !/^(?:date|x-request-id)$/.test(name))
            .join('\n'),
        }))
        expect(shown[0]?.status).toBe(404)
        expect(shown[0]).toEqual(shown[1])
      }
    }
    expect(await rows()).toEqual(before)
  },
)

test('a public channel is read without joining; writing and the stream need it', async () => {
  const { id } = await anna.call(createChat, {
    body: { type: 'public_channel', name: 'square', workspace_id: workspace.id },
  })
  const { id: message_id } = await anna.call(sendMessage, {
    params: { id },
    body: { content: 'welcome' },
  })
  expect(await outsider.call(getChat, { params: { id } })).toMatchObject({
    role: null,
    read_seq: null,
    notification: null,
    unread_count: 0,
  })
  expect((await outsider.call(listMessages, { params: { id }, query: {} })).messages).toHaveLength(
    1,
  )
  expect(await outsider.outcome(getMessage, { params: { id, message_id } })).toBe('200')
  expect(await outsider.outcome(listChatMembers, { params: { id }, query: {} })).toBe('200')
  const no = '403 not_a_member'
  const params = { id, message_id, user_id: outsider.id }
  expect([
    await outsider.outcome(sendMessage, { params, body: { content: 'hi' } }),
    await outsider.outcome(editMessage, { params, body: { content: 'hi' } }),
    await outsider.outcome(deleteMessage, { params }),
    await outsider.outcome(moveReadMarker, { params, body: { seq: 0 } }),
    await outsider.outcome(listEvents, { params, query: { after: 0 } }),
    await outsider.outcome(updateChat, { params, body: { notification: 'none' } }),
    await outsider.outcome(updateChat, { params, body: { name: 'mine' } }),
    await outsider.outcome(leaveChat, { params }),
    await outsider.outcome(putChatMember, { params, body: {} }),
  ]).toEqual(Array(9).fill(no))
  expect(await foreigner.outcome(joinChat, { params })).toBe('404 not_found')
})

test('AZ-21: two hundred races between a removal and a send: no message has a seq after the removal', async () => {
  const { id } = await anna.call(createChat, {
    body: {
      type: 'private_channel',
      name: 'race',
      workspace_id: workspace.id,
      user_ids: [member.id],
    },
  })
  for (let round = 0; round < 40; round++) {
    const sends = Array.from({ length: 5 }, () =>
      member.ask(sendMessage, { params: { id }, body: { content: `round ${round}` } }),
    )
    await anna.call(removeChatMember, { params: { id, user_id: member.id } })
    const answers = await Promise.all(sends)
    const left = Number(
      await server.value(
        'select max(left_seq) from chat_members where chat_id = $1 and user_id = $2',
        id,
        member.id,
      ),
    )
    const late = answers.filter(({ status, body }) => status === 201 && body.seq >= left)
    expect(late).toEqual([])
    for (const { status } of answers) expect([201, 404]).toContain(status)
    await anna.call(putChatMember, { params: { id, user_id: member.id }, body: {} })
  }
})
