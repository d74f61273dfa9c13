import {
  deleteFile,
  deleteMessage,
  editMessage,
  getMessage,
  listEvents,
  listMessages,
  openFile,
  sendMessage,
} from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { type Person, query, startChatServer } from '../fixtures/chat-server.ts'
import { leaveAlone, uploaded } from '../fixtures/files.ts'
import { filledIn } from './queries.ts'

const server = await startChatServer({ PARLEY_WORKSPACE_QUOTA: '4 KiB' })
afterAll(() => server.stop())
// What a look finds out comes when a test says so.
await leaveAlone(server)
const [anna, bob] = [await server.person('anna'), await server.person('bob')]
const { general } = await server.workspace(anna, bob)
const other = await server.workspace(bob)

const upload = (by: Person, name = 'a.txt', text = name) => uploaded(server.url, by, name, text)
const send = (by: Person, files: number[], more: { content?: string; nonce?: string } = {}) =>
  by.ask(sendMessage, { params: { id: general }, body: { content: '', files, ...more } })

test('a message has its files in the order in which they were given, wherever it is read', async () => {
  const [one, two] = [await upload(anna, 'one.txt'), await upload(anna, 'two.txt')]
  const { status, body } = await send(anna, [two.id, one.id])
  expect(status).toBe(201)
  expect(body.files).toEqual([two, one])
  expect(body.files[0]).toEqual({
    id: two.id,
    url: `/api/files/${two.id}`,
    name: 'two.txt',
    mime: 'text/plain',
    size: 7,
    alt: null,
    width: null,
    height: null,
    blur_hash: null,
    duration_ms: null,
    text_preview: null,
    renditions: [],
  })
  const params = { id: general }
  expect(await bob.call(getMessage, { params: { id: general, message_id: body.id } })).toEqual(body)
  const { messages } = await bob.call(listMessages, { params, query: {} })
  expect(messages.at(-1)).toEqual(body)
  const { events } = await bob.call(listEvents, { params, query: { after: body.seq - 1 } })
  expect(events).toMatchObject([{ kind: 'NewMessage', message: body }])
})

test('the same nonce again is the same message with its files', async () => {
  const { id } = await upload(anna)
  const first = await send(anna, [id], { nonce: 'once' })
  const again = await send(anna, [id], { nonce: 'once' })
  expect([first.status, again.status]).toEqual([201, 200])
  expect(again.body).toEqual(first.body)
  const both = await Promise.all([
    upload(anna).then((file) => send(anna, [file.id], { nonce: 'twice' })),
    upload(anna).then((file) => send(anna, [file.id], { nonce: 'twice' })),
  ])
  expect(both[0].body).toEqual(both[1].body)
})

test('AZ-08: what is another’s, sent already or not there is refused alike, and nothing is sent', async () => {
  const theirs = await upload(bob)
  const elsewhere = await upload(bob)
  await bob.call(sendMessage, {
    params: { id: other.general },
    body: { content: '', files: [elsewhere.id] },
  })
  const used = await upload(anna)
  await send(anna, [used.id])
  const mine = await upload(anna)
  const before = await server.value('select count(*) from messages')
  const bodies = []
  for (const id of [theirs.id, elsewhere.id, used.id, 999]) {
    const { status, code, body } = await send(anna, [mine.id, id])
    expect([status, code]).toEqual([422, 'unknown_file'])
    bodies.push(JSON.stringify({ ...body, request_id: '' }))
  }
  expect(new Set(bodies).size).toBe(1)
  expect(await server.value('select count(*) from messages')).toEqual(before)
  expect((await send(anna, [mine.id])).status).toBe(201)
  expect(await bob.outcome(deleteFile, { params: { id: theirs.id } })).toBe('204')
})

test('of two messages that want one file at the same time one has it', async () => {
  const { id } = await upload(anna)
  const sent = await Promise.all([1, 2, 3, 4].map(() => send(anna, [id])))
  expect(sent.map(({ code }) => code ?? 'sent').toSorted()).toEqual([
    'sent',
    ...Array.from({ length: 3 }, () => 'unknown_file'),
  ])
})

test('a message needs a text or a file, at most ten and none twice', async () => {
  const { id } = await upload(anna)
  expect((await send(anna, [])).code).toBe('invalid_request')
  expect((await send(anna, [id, id])).code).toBe('invalid_request')
  const many = Array.from({ length: 11 }, (_, n) => n + 1)
  expect((await send(anna, many)).code).toBe('invalid_request')
  const { body } = await send(anna, [id], { content: 'look' })
  const params = { id: general, message_id: body.id }
  const edited = await anna.call(editMessage, { params, body: { content: '' } })
  expect(edited).toMatchObject({ content: '', files: [{ id }] })
  const plain = await send(anna, [], { content: 'no file' })
  const bare = { params: { id: general, message_id: plain.body.id }, body: { content: '' } }
  expect(await anna.outcome(editMessage, bare)).toBe('400 invalid_request')
})

test('what becomes known of a file later comes with an event, and only when it is new', async () => {
  const { id } = await upload(anna, 'p.png')
  const { body } = await send(anna, [id])
  const facts = {
    width: 640,
    height: 480,
    blur_hash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
    duration_ms: null,
    text_preview: null,
    renditions: [{ name: 'thumb_360', mime: 'image/webp', size: 10 }],
  }
  expect(await filledIn(server.pool, id, facts)).toBe(true)
  expect(await filledIn(server.pool, id, facts)).toBe(true)
  const { events } = await bob.call(listEvents, {
    params: { id: general },
    query: { after: body.seq },
  })
  const message = {
    ...body,
    files: [{ ...body.files[0], ...facts, renditions: ['thumb_360'] }],
  }
  expect(events).toMatchObject([{ kind: 'MessageUpdated', message }])
  expect(events).toHaveLength(1)
  expect(await filledIn(server.pool, 999, facts)).toBe(false)
})

test('with a message go its files: from the page, from the log, and whoever asks for them', async () => {
  const { id } = await upload(anna, 'gone.txt')
  const { body } = await send(anna, [id])
  await anna.call(deleteMessage, { params: { id: general, message_id: body.id } })
  const { messages } = await bob.call(listMessages, { params: { id: general }, query: {} })
  expect(messages.at(-1)).toMatchObject({ id: body.id, files: [] })
  expect(await anna.outcome(openFile, { params: { id }, query: {} })).toBe('404 not_found')
  expect(
    await server.value(`select count(*) from event_log where body::text like '%gone.txt%'`),
  ).toBe(0)
  expect(await server.value('select count(*) from files where id = $1', id)).toBe(0)
})

test('a workspace has so much room for what is sent in it, and gets it back', async () => {
  const place = await server.workspace(anna)
  const room = (bytes: number) => upload(anna, 'big', 'x'.repeat(bytes))
  const into = async (bytes: number) =>
    anna.ask(sendMessage, {
      params: { id: place.general },
      body: { content: '', files: [(await room(bytes)).id] },
    })
  const first = await into(4000)
  const both = await Promise.all([into(90), into(90)])
  expect(both.map(({ code }) => code ?? 'sent').toSorted()).toEqual(['quota_exceeded', 'sent'])
  await anna.call(deleteMessage, { params: { id: place.general, message_id: first.body.id } })
  expect((await into(4000)).status).toBe(201)
})

test('what counts is the sum of the files that there are, and those of deleted chats go', async () => {
  await server.value('update chats set deleted_at = now() where id = $1', general)
  await server.value('select purge_deleted_chats(500)')
  expect(await server.value('select count(*) from files where chat_id = $1', general)).toBe(0)
  const wrong = await query(
    server.pool,
    `select u.* from file_use u where bytes <> coalesce((
       select sum(f.size) from files f left join chats c on c.id = f.chat_id
       where u.id = case u.scope when 'user' then f.owner_id when 'workspace' then c.workspace_id else 0 end), 0)`,
  )
  expect(wrong).toEqual([])
})
