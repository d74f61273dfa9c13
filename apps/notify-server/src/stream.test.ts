import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '@parley/core/testing/until'
import { fields } from './body.ts'
import { type TestStream, openStream } from './fixtures/sse.ts'
import { type Person, World } from './fixtures/world.ts'

let world: World
let url: string

beforeAll(async () => {
  world = await World.create()
  url = await world.server()
})
afterAll(() => world.end())

const people = (count: number): Promise<Person[]> =>
  Promise.all(Array.from({ length: count }, () => world.person()))

const open = async (person: Person | undefined, cursor?: string): Promise<TestStream> =>
  (
    await openStream(url, {
      token: person?.token ?? '',
      ...(cursor === undefined ? {} : { cursor }),
    })
  ).ready()

/** Resolves when the stream has got an event that was made just now, so all before it came too. */
async function settled(stream: TestStream, person: Person): Promise<void> {
  const chat = await world.group([person])
  await until(() => stream.events.some(({ data }) => fields(data['chat'])['id'] === chat), {
    what: 'a later event',
  })
}

test('a row inserted by hand reaches those who may see it and nobody else', async () => {
  const [ann, ben, eve] = [await world.person(), await world.person(), await world.person()]
  const chat = await world.group([ann, ben])
  const streams = [await open(ann), await open(ben)]
  const stranger = await open(eve)
  await world.send(chat, ann, 'hello')
  await until(() => streams.every((stream) => stream.contents().includes('hello')))
  await settled(stranger, eve)
  expect(stranger.contents()).toEqual([])
  expect(streams[0]?.events.at(-1)?.data).toMatchObject({
    topic: `chat:${chat}`,
    kind: 'NewMessage',
    actor_id: ann.id,
    message: { content: 'hello', chat_id: chat, sender_id: ann.id },
  })
})

test('whoever joins is told, then follows; whoever is removed is told and gets nothing after', async () => {
  const [ann, ben] = [await world.person(), await world.person()]
  const chat = await world.group([ann])
  const [first, second] = [await open(ann), await open(ben)]
  const cursor = second.lastId
  await world.send(chat, ann, 'before')
  await world.join(chat, [ben])
  await world.send(chat, ann, 'during')
  await world.leave(chat, ben)
  await world.send(chat, ann, 'after')
  await settled(second, ben)
  const expected = ['AddToChat', 'NewMessage', 'RemoveFromChat', 'NewChat']
  expect(second.kinds()).toEqual(expected)
  expect(second.contents()).toEqual(['during'])
  expect(first.kinds(`chat:${chat}`)).toEqual([
    'NewMessage',
    'MemberJoined',
    'NewMessage',
    'MemberLeft',
    'NewMessage',
  ])
  const resumed = await open(ben, cursor)
  expect(resumed.kinds()).toEqual(expected)
  expect(resumed.contents()).toEqual(['during'])
  expect(resumed.signals.at(-1)?.data).toMatchObject({ replayed: 4 })
})

test('more people than one event names come and go at one seq', async () => {
  const crowd = await people(130)
  const [ann] = crowd
  if (ann === undefined) throw new Error('nobody')
  const chat = await world.group([ann])
  const others = crowd.slice(1).toSorted((a, b) => a.id - b.id)
  const last = others.at(-1)
  const stream = await open(last)
  const cursor = stream.lastId
  await world.join(chat, others)
  await world.send(chat, ann, 'welcome')
  await world.query('delete from chat_members where chat_id = $1 and user_id <> $2', [chat, ann.id])
  if (last) await settled(stream, last)
  // joined_seq is that of the first event; the second one lies inside the interval already. A delete
  // is one statement for each row's trigger, so the first of its many events shows this one out.
  const live = stream.seqs(`chat:${chat}`)
  const resumed = await open(last, cursor)
  expect(resumed.seqs(`chat:${chat}`)).toEqual(live)
  expect(live.slice(0, 2)).toEqual([3, 4])
})

test('in a chat that shows only what came since, an older message that is edited comes without text', async () => {
  const [ann, ben] = [await world.person(), await world.person()]
  const chat = await world.group([ann], 'since_join')
  const message = await world.send(chat, ann, 'old secret')
  await world.join(chat, [ben])
  const [first, second] = [await open(ann), await open(ben)]
  const cursor = second.lastId
  await world.query("update messages set content = 'new secret' where id = $1", [message])
  await settled(first, ann)
  await settled(second, ben)
  const edited = (stream: TestStream): unknown =>
    stream.events.find(({ kind }) => kind === 'MessageUpdated')?.data['message']
  expect(edited(first)).toMatchObject({ content: 'new secret' })
  expect(edited(second)).toMatchObject({ id: message, content: '', mentions: [] })
  expect(edited(await open(ben, cursor))).toMatchObject({ id: message, content: '' })
  expect(second.text).not.toContain('secret')
  expect(first.text).not.toContain('since_join')
})

test('a deleted chat says so and is silent then, live and on resume', async () => {
  const [ann, ben] = [await world.person(), await world.person()]
  const chat = await world.group([ann, ben])
  const stream = await open(ben)
  const cursor = stream.lastId
  await world.send(chat, ann, 'gone soon')
  await world.query('delete from chats where id = $1', [chat])
  await settled(stream, ben)
  expect(stream.kinds(`chat:${chat}`)).toEqual(['NewMessage', 'ChatDeleted'])
  expect((await open(ben, cursor)).kinds(`chat:${chat}`)).toEqual(['ChatDeleted'])
})

test('IN-13: whatever a message contains is one frame and arrives as it was written', async () => {
  const ann = await world.person()
  const chat = await world.group([ann])
  const stream = await open(ann)
  const nasty = [
    'a\r\n\r\nevent: bye\r\ndata: {}\r\n\r\n',
    '\n\nid: 0.1\n\n',
    '\r\rdata: x\r\r',
    'a\u2028b\u2029c\u0085d',
    '"\\\u0001\u001f\ufeff',
    '\u{1f600}\u{10ffff}ﷺ',
  ]
  for (const content of nasty) await world.send(chat, ann, content)
  await until(() => stream.contents().length === nasty.length)
  expect(stream.contents()).toEqual(nasty)
  expect(stream.signals.map(({ kind }) => kind)).toEqual(['ready'])
  expect(stream.lastId).toMatch(/^[0-9a-f]{8}\.\d+$/)
})

test('of an event of an unknown kind only its place is shown, and no field that the contract does not name', async () => {
  const ann = await world.person()
  const stream = await open(ann)
  await world.query(
    `select append_events(array[$1::bigint], array['FromTheFuture'], array['{"secret": 1}'::jsonb])`,
    [ann.id],
  )
  await world.query(
    `select append_events(array[$1::bigint], array['RemoveFromChat'], array['{"chat_id": 5, "secret": 1}'::jsonb])`,
    [ann.id],
  )
  await until(() => stream.kinds().includes('RemoveFromChat'))
  expect(stream.kinds()).toEqual(['Unknown', 'RemoveFromChat'])
  expect(stream.text).not.toContain('FromTheFuture')
  expect(stream.text).not.toContain('secret')
})

test('IN-09: a long message in every script reaches a channel of 5,000 members', async () => {
  const [ann, ben] = [await world.person(), await world.person()]
  const chat = await world.group([ann, ben])
  await world.query(
    `with crowd as (
       insert into users (username, email, password_hash)
       select 'crowd' || n, 'crowd' || n || '@x', '' from generate_series(1, 5000) n returning id)
     insert into chat_members (chat_id, user_id) select $1, id from crowd`,
    [chat],
  )
  const streams = [await open(ann), await open(ben)]
  const content = 'ab漢字かな😀👩‍👩‍👧'.repeat(700).slice(0, 8000)
  await world.send(chat, ann, content)
  await until(() => streams.every((stream) => stream.contents().includes(content)))
}, 60_000)
