import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { until } from '@parley/core/testing/until'
import { type TestStream, openStream } from './fixtures/sse.ts'
import { type Person, World } from './fixtures/world.ts'

let world: World
let urls: string[]

beforeAll(async () => {
  world = await World.create()
  urls = [await world.server(), await world.server()]
})
afterAll(() => world.end())

const open = (person: Person, cursor?: string, server = 0): Promise<TestStream> =>
  openStream(urls[server] ?? '', {
    token: person.token,
    ...(cursor === undefined ? {} : { cursor }),
  })

/** What an SDK keeps of several streams: of each topic the first of each seq. */
function merged(streams: readonly TestStream[]): Map<string, number[]> {
  const topics = new Map<string, number[]>()
  for (const { topic, seq } of streams.flatMap(({ events }) => events)) {
    const seqs = topics.get(topic) ?? []
    if (seq > (seqs.at(-1) ?? 0)) seqs.push(seq)
    topics.set(topic, seqs)
  }
  return topics
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n)

async function lastSeq(topicId: number): Promise<number> {
  return world.id('select last_seq as id from topics where id = $1', [topicId])
}

/** Writes to the chats until told to stop; each is one transaction. */
function keepWriting(ids: readonly number[], sender: Person, writers = 8): () => Promise<unknown> {
  const writing = new AbortController()
  const all = Array.from({ length: writers }, async (_, writer) => {
    for (let n = 0; !writing.signal.aborted; n++) {
      await world.send(ids[(writer + n) % ids.length] ?? 0, sender, `${writer}-${n}`)
    }
  })
  onTestFinished(() => {
    writing.abort()
  })
  return async () => {
    writing.abort()
    await Promise.all(all)
  }
}

test('a cursor resumes on another server while others write: no loss, no disorder', async () => {
  const ann = await world.person()
  const chats = await Promise.all(Array.from({ length: 6 }, () => world.group([ann])))
  const streams = [await (await open(ann)).ready()]
  let cursor: string | undefined
  const stop = keepWriting(chats, ann)
  for (let turn = 1; turn <= 8; turn++) {
    const current = streams.at(-1)
    const enough = (current?.events.length ?? 0) + 60
    await until(() => (current?.events.length ?? 0) > enough, { what: 'live events' })
    // Events of a replay have no id: whoever leaves during one keeps the cursor that it came with.
    cursor = current?.lastId || cursor
    current?.close()
    streams.push(await open(ann, cursor, turn % 2))
  }
  await stop()
  for (const chat of chats) {
    const last = await lastSeq(chat)
    await until(() => merged(streams).get(`chat:${chat}`)?.at(-1) === last, {
      what: 'the last event',
    })
    expect(merged(streams).get(`chat:${chat}`)).toEqual(range(2, last))
  }
  // A cursor is a low watermark in transaction ids, and those are not in the order of seq: of what
  // came before it, some comes again. But inside one stream nothing comes twice, and all in order.
  for (const stream of streams) {
    for (const chat of chats) {
      const seqs = stream.seqs(`chat:${chat}`)
      expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b))
    }
  }
}, 60_000)

test('fifty streams that open under load get, from their cursor on, all of it once', async () => {
  const crowd = await Promise.all(Array.from({ length: 10 }, () => world.person()))
  const [ann] = crowd
  if (ann === undefined) throw new Error('nobody')
  const chats = await Promise.all(Array.from({ length: 4 }, () => world.group(crowd)))
  const first = await (await open(ann)).ready()
  const cursor = first.lastId
  const stop = keepWriting(chats, ann)
  await until(() => first.events.length > 200)
  const streams = await Promise.all(
    crowd.flatMap((person) => range(1, 5).map((n) => open(person, cursor, n % 2))),
  )
  await Promise.all(streams.map((stream) => stream.ready()))
  await stop()
  for (const chat of chats) {
    const last = await lastSeq(chat)
    for (const stream of streams) {
      await until(() => stream.seqs(`chat:${chat}`).at(-1) === last, { what: 'the last event' })
      expect(stream.seqs(`chat:${chat}`)).toEqual(range(2, last))
    }
  }
}, 60_000)

test('people who come and go under load see exactly their intervals, live and on resume', async () => {
  const [ann, ben] = [await world.person(), await world.person()]
  const chat = await world.group([ann])
  const stream = await (await open(ben)).ready()
  const cursor = stream.lastId
  const stop = keepWriting([chat], ann, 4)
  for (let turn = 0; turn < 8; turn++) {
    await world.join(chat, [ben])
    const enough = stream.events.length + 10
    await until(() => stream.events.length > enough)
    await world.leave(chat, ben)
  }
  await stop()
  const intervals = await world.query<{ joined_seq: number; left_seq: number }>(
    'select joined_seq, left_seq from chat_members where chat_id = $1 and user_id = $2 order by 1',
    [chat, ben.id],
  )
  const entitled = intervals.flatMap(({ joined_seq, left_seq }) =>
    range(joined_seq + 1, left_seq - 1),
  )
  await until(() => stream.kinds().filter((kind) => kind === 'RemoveFromChat').length === 8)
  expect(stream.seqs(`chat:${chat}`)).toEqual(entitled)
  const resumed = await (await open(ben, cursor, 1)).ready()
  expect(resumed.seqs(`chat:${chat}`)).toEqual(entitled)
})

test('the cursor of an idle stream moves on with the heartbeat', async () => {
  const ann = await world.person()
  const stream = await (await open(ann)).ready()
  const before = stream.lastId
  const ben = await world.person()
  await world.send(await world.group([ben]), ben, 'for others')
  await until(() => stream.lastId !== before, { timeoutMs: 20_000 })
  expect(stream.text).toMatch(/\n:\nid: [0-9a-f]+\.\d+\n\n$/)
  expect(stream.events).toEqual([])
}, 25_000)

test('a cursor from another epoch, from before the retention, or from nowhere is told apart', async () => {
  const ann = await world.person()
  const chat = await world.group([ann])
  const cursor = (await (await open(ann)).ready()).lastId
  const [epoch, xmin] = cursor.split('.')
  const reason = async (text: string): Promise<unknown> => {
    const stream = await (await open(ann, text)).ready()
    await world.send(chat, ann, `after ${text}`)
    await until(() => stream.contents().includes(`after ${text}`))
    return stream.signals.find(({ kind }) => kind === 'resync')?.data['reason']
  }
  expect(await reason(cursor)).toBeUndefined()
  // No day is dropped that may still be written to.
  await world.query('select pg_current_xact_id()')
  await world.settled()
  expect(await reason(`00000000.${xmin}`)).toBe('epoch')
  expect(await reason(`${epoch}.${Number(xmin) + 1_000_000}`)).toBe('unknown')
  await world.query('update log_meta set dropped_through = $1::text::xid8', [
    String(Number(xmin) + 1),
  ])
  expect(await reason(cursor)).toBe('retention')
  await world.query("update log_meta set dropped_through = '0'")
  for (const text of [
    'x',
    '1.5.6',
    `${epoch}.`,
    `${epoch}.1e3`,
    `${epoch}.${'9'.repeat(16)}`,
    `${epoch}.0`,
  ]) {
    const refused = await open(ann, text)
    expect(refused.status).toBe(400)
    await until(() => refused.ended)
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'invalid_cursor', status: 400 })
  }
}, 60_000)

test('more than 5,000 missed events are not replayed: the client is sent to the bootstrap', async () => {
  const ann = await world.person()
  const chat = await world.group([ann])
  const cursor = (await (await open(ann)).ready()).lastId
  await world.query(
    "insert into messages (chat_id, sender_id, content) select $1, $2, 'x' from generate_series(1, 5001)",
    [chat, ann.id],
  )
  await world.settled()
  const stream = await (await open(ann, cursor)).ready()
  expect(stream.signals).toMatchObject([
    { kind: 'resync', data: { reason: 'too_much' } },
    { kind: 'ready', data: { replayed: 0 } },
  ])
  const other = await (await open(ann, stream.lastId)).ready()
  expect(other.has('resync')).toBe(false)
})

test('another person’s cursor shows nothing of theirs', async () => {
  const [ann, eve] = [await world.person(), await world.person()]
  const chat = await world.group([ann])
  const cursor = (await (await open(ann)).ready()).lastId
  await world.send(chat, ann, 'private')
  const stream = await (await open(eve, cursor)).ready()
  expect(stream.events).toEqual([])
})
