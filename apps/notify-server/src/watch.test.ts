import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStream } from './fixtures/sse.ts'
import { type Watched, watched } from './fixtures/watched.ts'
import { type Person, World } from './fixtures/world.ts'

let world: World
let server: Watched
let ann: Person
let chat: number

beforeAll(async () => {
  world = await World.create()
  server = await watched(world)
  ann = await world.person()
  chat = await world.group([ann])
})
afterAll(() => world.end())

const open = async (cursor?: string) =>
  (
    await openStream(server.url, {
      token: ann.token,
      ...(cursor === undefined ? {} : { cursor }),
    })
  ).ready()

test('how long a message takes from the bell and from the log to the streams is measured', async () => {
  const stream = await open()
  const before = await server.metric('parley_log_to_stream_seconds_count')
  for (let n = 1; n <= 5; n++) {
    await world.send(chat, ann, `${n}`)
    await until(() => stream.contents().length === n)
  }
  const pages = (await server.metric('parley_log_to_stream_seconds_count')) - before
  expect(pages).toBe(5)
  for (const name of ['parley_bell_to_stream_seconds', 'parley_log_to_stream_seconds']) {
    const count = await server.metric(`${name}_count`)
    expect(count).toBeGreaterThan(0)
    expect((await server.metric(`${name}_sum`)) / count).toBeLessThan(0.5)
  }
  const newest = await server.metric('parley_tail_newest_row_timestamp_seconds')
  expect(Date.now() / 1000 - newest).toBeLessThan(5)
  stream.close()
})

test('rounds are counted with their rows, and the lag of a server that follows stays small', async () => {
  const rows = () => server.metric('parley_tail_round_rows_sum')
  const before = await rows()
  await world.query(
    `insert into messages (chat_id, sender_id, content)
     select $1, $2, 'x' from generate_series(1, 30)`,
    [chat, ann.id],
  )
  await until(async () => (await rows()) === before + 30)
  expect(await server.metric('parley_tail_lag_seconds')).toBeLessThan(1)
  const rounds = await server.metric('parley_tail_round_seconds_count')
  expect(rounds).toBe(await server.metric('parley_tail_round_rows_count'))
})

test('a replay is counted with its events and its bytes', async () => {
  const first = await open()
  const cursor = first.lastId
  first.close()
  for (let n = 0; n < 3; n++) await world.send(chat, ann, 'x'.repeat(1000))
  const events = await server.metric('parley_replay_events_sum')
  const bytes = await server.metric('parley_replay_bytes_sum')
  const second = await open(cursor)
  // A cursor is a low watermark: while another transaction is open, it is of before that one.
  const replayed = Number(/"replayed":(\d+)/.exec(second.text)?.[1])
  expect(replayed).toBeGreaterThanOrEqual(3)
  expect((await server.metric('parley_replay_events_sum')) - events).toBe(replayed)
  expect((await server.metric('parley_replay_bytes_sum')) - bytes).toBeGreaterThan(3000)
  second.close()
})

test('a reader who has to start afresh is counted by the reason', async () => {
  const stream = await open('another.1')
  expect(stream.has('resync')).toBe(true)
  expect(await server.metric('parley_resyncs_total{reason="epoch"}')).toBe(1)
  stream.close()
})

test('the pool is shown', async () => {
  const idle = await server.metric('parley_pool_connections{state="idle"}')
  expect(idle).toBeGreaterThan(0)
  expect(await server.metric('parley_pool_waiting')).toBe(0)
})
