import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { until } from '@parley/core/testing/until'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { usedMemory } from './fixtures/memory.ts'
import { type TestStream, openStream } from './fixtures/sse.ts'
import { type Person, World } from './fixtures/world.ts'

/** Delivery.md: no reader may cost more, whatever it does or leaves undone. */
const most = 1024 * 1024
const count = 6

let world: World
let url: string
let readers: { person: Person; chat: number }[]
let sockets: Socket[]

beforeEach(async () => {
  world = await World.create()
  url = await world.server()
  readers = await Promise.all(
    Array.from({ length: count }, async () => {
      const person = await world.person()
      // A chat of their own, so that no two wait for the same bytes.
      return { person, chat: await world.group([person]) }
    }),
  )
  sockets = []
})
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await world.end()
})

/** Asks for a stream and reads nothing but what comes first. */
async function stopped({ token }: Person, cursor?: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  sockets.push(socket)
  socket.on('error', () => undefined)
  const lines = [`GET /events HTTP/1.1`, 'Host: x', `Authorization: Bearer ${token}`]
  if (cursor !== undefined) lines.push(`Last-Event-ID: ${cursor}`)
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  socket.once('readable', () => undefined)
  await once(socket, 'readable')
  return socket
}

/** Writes so many messages of so many bytes to each chat, by few statements. */
async function flood(messages: number, bytes: number): Promise<void> {
  for (const { chat, person } of readers) {
    await world.query(
      `insert into messages (chat_id, sender_id, content)
       select $1, $2, left(repeat(md5(n::text), 1000), $4) from generate_series(1, $3) n`,
      [chat, person.id, messages, bytes],
    )
  }
}

/** Everything up to here was delivered, or kept for those who do not read. */
async function delivered(): Promise<void> {
  const witness = await world.person()
  const chat = await world.group([witness])
  const stream = await (await openStream(url, { token: witness.token })).ready()
  await world.send(chat, witness, 'witness')
  await until(() => stream.contents().includes('witness'), {
    what: 'what comes last',
    timeoutMs: 180_000,
  })
  stream.close()
  await until(() => stream.ended)
}

const floods: Record<string, [messages: number, bytes: number, times: number]> = {
  'long messages': [60, 30_000, 3],
  'small messages': [2_000, 1, 6],
}

test.each(Object.entries(floods))(
  'a reader who stopped costs little under %s',
  async (_, [messages, bytes, times]) => {
    await delivered()
    const before = usedMemory()
    for (const { person } of readers) await stopped(person)
    await delivered()
    for (let n = 0; n < times; n++) await flood(messages, bytes)
    await delivered()
    const each = (usedMemory() - before) / count
    expect(each).toBeLessThan(most)
  },
  120_000,
)

test.each(Object.entries({ 'long messages': [60, 30_000], 'small messages': [4_900, 1] }))(
  'a reader who stopped costs little while %s are replayed',
  async (_, [messages = 0, bytes = 0]) => {
    const cursor = (
      await (await openStream(url, { token: readers[0]?.person.token ?? '' })).ready()
    ).lastId
    await flood(messages, bytes)
    await delivered()
    const before = usedMemory()
    for (const { person } of readers) await stopped(person, cursor)
    await delivered()
    const each = (usedMemory() - before) / count
    expect(each).toBeLessThan(most)
  },
  120_000,
)

test('a client that goes on asking on the connection of its stream is cut off', async () => {
  await delivered()
  const before = usedMemory()
  for (const { person } of readers) {
    const socket = await stopped(person)
    const filler = `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Filler: ${'x'.repeat(15_000)}\r\n\r\n`
    for (let n = 0; n < 100; n++) socket.write(filler)
  }
  await delivered()
  const each = (usedMemory() - before) / count
  expect(each).toBeLessThan(most)
})

test('a reader who is in many chats costs little', async () => {
  const many = readers.slice(0, 4)
  await world.query(
    `insert into chats (type, created_by) select 'group', $1 from generate_series(1, 5000)`,
    [many[0]?.person.id],
  )
  await world.query(
    `insert into chat_members (chat_id, user_id)
     select c.id, u from chats c, unnest($1::bigint[]) u where c.member_count = 0`,
    [many.map(({ person }) => person.id)],
  )
  await delivered()
  const before = usedMemory()
  for (const { person } of many) await stopped(person)
  await delivered()
  const each = (usedMemory() - before) / 4
  expect(each).toBeLessThan(most)
}, 300_000)

test('what happens while a stream is slow to open is not all kept for it, and it gets its own', async () => {
  const [slow, other, witness] = readers
  if (!slow || !other || !witness) throw new Error('too few readers')
  const watching = await (await openStream(url, { token: witness.person.token })).ready()
  const before = usedMemory()
  const lock = await world.pool.connect()
  let opening: Promise<TestStream>
  try {
    await lock.query('begin; lock table sessions in access exclusive mode')
    opening = openStream(url, { token: slow.person.token })
    await until(async () => {
      const waiting = await world.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return waiting.length > 0
    })
    // Straight into the log: the statement has five seconds to get the lock.
    await world.query(
      `insert into event_log (topic_id, seq, kind, body)
       select $1, 1000 + n, 'UserUpdated', json_build_object('text', repeat(md5(n::text), 30))
       from generate_series(1, 12000) n`,
      [other.chat],
    )
    await world.send(slow.chat, slow.person, 'meanwhile')
    await world.send(witness.chat, witness.person, 'now')
    await until(() => watching.contents().includes('now'))
    expect(usedMemory() - before).toBeLessThan(6 * most)
  } finally {
    await lock.query('rollback')
    lock.release()
  }
  const stream = await (await opening).ready()
  await world.send(slow.chat, slow.person, 'live')
  await until(() => stream.contents().includes('live'))
  // Without a cursor a stream begins with what comes after it was opened.
  expect(stream.contents()).toEqual(['live'])
  expect(stream.has('resync')).toBe(false)
}, 300_000)
