import {
  createChat,
  describeFile,
  getMessage,
  leaveChat,
  listEvents,
  sendMessage,
} from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { startChatServer } from '../fixtures/chat-server.ts'
import { leaveAlone, png, uploaded } from '../fixtures/files.ts'

const server = await startChatServer()
afterAll(() => server.stop())
// What a look finds out would tell of the file, too.
await leaveAlone(server)
const [anna, bob, stranger] = [
  await server.person('anna'),
  await server.person('bob'),
  await server.person('stranger'),
]
const { id: workspace, general } = await server.workspace(anna, bob)

const picture = () => uploaded(server.url, anna, 'cat.png', png(8, 8))
const send = (...files: number[]) =>
  anna.call(sendMessage, { params: { id: general }, body: { content: '', files } })
const describe = (id: number, alt: string | null) => ({ params: { id }, body: { alt } })

test('what an owner says of a file goes with its message', async () => {
  const { id } = await picture()
  const alt = 'A cat on a ladder, 猫 🐈'
  expect(await anna.call(describeFile, describe(id, alt))).toMatchObject({ id, alt })
  const bare = await picture()
  expect((await send(id, bare.id)).files).toMatchObject([{ id, alt }, { alt: null }])
})

test('said later, or taken back, whoever has the message hears of it once', async () => {
  const { id } = await picture()
  const { id: message_id, seq } = await send(id)
  for (const alt of ['A cat', 'A cat', null]) await anna.call(describeFile, describe(id, alt))
  const { events } = await bob.call(listEvents, {
    params: { id: general },
    query: { after: seq },
  })
  expect(events).toMatchObject([
    { kind: 'MessageUpdated', message: { files: [{ id, alt: 'A cat' }], edited_at: null } },
    { kind: 'MessageUpdated', message: { files: [{ id, alt: null }], edited_at: null } },
  ])
  const read = await bob.call(getMessage, { params: { id: general, message_id } })
  expect(read.files).toMatchObject([{ id, alt: null }])
})

test('nobody else says anything of it', async () => {
  const { id } = await picture()
  expect(await bob.outcome(describeFile, describe(id, 'mine'))).toBe('404 not_found')
  await send(id)
  expect(await bob.outcome(describeFile, describe(id, 'mine'))).toBe('403 forbidden')
  expect(await stranger.outcome(describeFile, describe(id, 'mine'))).toBe('404 not_found')
})

test('its owner says nothing of it in a channel that they left', async () => {
  const body = { workspace_id: workspace, name: 'p', user_ids: [bob.id] }
  const { id: channel } = await anna.call(createChat, {
    body: { type: 'private_channel', ...body },
  })
  const { id } = await picture()
  await anna.call(sendMessage, { params: { id: channel }, body: { content: '', files: [id] } })
  await anna.call(leaveChat, { params: { id: channel } })
  expect(await anna.outcome(describeFile, describe(id, 'mine'))).toBe('404 not_found')
})

test('it is something, and not a novel', async () => {
  const { id } = await picture()
  for (const alt of ['', ' \n', 'x'.repeat(1001)])
    expect([alt, await anna.outcome(describeFile, describe(id, alt))]).toEqual([
      alt,
      '400 invalid_request',
    ])
  expect(await anna.outcome(describeFile, describe(id, 'a\0b'))).toBe('422 invalid_text')
  const longest = '😀'.repeat(1000)
  expect(await anna.call(describeFile, describe(id, longest))).toMatchObject({ alt: longest })
})
