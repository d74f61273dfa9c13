import { until } from '@parley/core/testing/until'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type TestStream, openStream } from './fixtures/sse.ts'
import { type Watched, hold, killWaiting, watched } from './fixtures/watched.ts'
import { type Person, World } from './fixtures/world.ts'

let world: World
let server: Watched
let ann: Person
/** How much later the server takes it to be, in milliseconds. */
let ahead: number

beforeEach(async () => {
  world = await World.create()
  ahead = 0
  server = await watched(world, { uptime: () => performance.now() + ahead })
  ann = await world.person()
})
afterEach(async () => {
  vi.useRealTimers()
  await world.end()
})

const open = async (more = {}) =>
  (await openStream(server.url, { token: ann.token, ...more })).ready()

const names = 'ended fell_behind level ms name pid replayed request_id route status time user_id'

/** One line and one count say why, and so does the stream, to a reader that still reads. */
async function expectEnd(why: string, reader?: TestStream): Promise<Record<string, unknown>> {
  const line = await server.line('ended', why)
  expect(Object.keys(line).toSorted()).toEqual(
    [...names.split(' '), ...(why === 'by_client' ? [] : ['unsent_bytes'])].toSorted(),
  )
  expect(line).toMatchObject({ route: '/events', status: 200, user_id: ann.id })
  expect(await server.metric(`parley_stream_ends_total{reason="${why}"}`)).toBe(1)
  if (reader) await until(() => reader.text.includes(`event: bye\ndata: {"reason":"${why}"}`))
  for (const secret of [ann.token, '127.0.0.1', 'content'])
    expect(server.log()).not.toContain(secret)
  return line
}

/** The server grows older so many times faster until the condition holds. */
async function hurry(times: number, condition: () => unknown): Promise<void> {
  const since = performance.now()
  await until(() => {
    ahead = (performance.now() - since) * (times - 1)
    return condition()
  })
}

/** The clock of the machine is set. */
function setClock(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(Date.now() + ms)
}

const states = (state: string): Promise<number> => server.metric(`parley_streams{state="${state}"}`)

/** 3 MB in one statement. */
const flood = (chat: number): Promise<unknown> =>
  world.query(
    `insert into messages (chat_id, sender_id, content)
     select $1, $2, repeat(md5(n::text), 900) from generate_series(1, 100) n`,
    [chat, ann.id],
  )

test('a reader who goes away ends its stream as by_client', async () => {
  const stream = await open()
  expect(await states('live')).toBe(1)
  stream.close()
  const line = await expectEnd('by_client')
  expect(line).toMatchObject({ replayed: 0, fell_behind: false })
  expect(await states('live')).toBe(0)
})

test('the line of a reader who went away says whether it was slow', async () => {
  const chat = await world.group([ann])
  const stream = await open()
  stream.response.pause()
  const behind = async () => {
    await flood(chat)
    return states('behind')
  }
  await until(behind, { what: 'a reader that is slow', timeoutMs: 25_000 })
  stream.close()
  expect(await server.line('ended', 'by_client')).toMatchObject({ fell_behind: true })
})

test('AU-08: a revoked session ends its streams as session_revoked', async () => {
  const stream = await open()
  await world.query('update sessions set revoked_at = now() where id = $1', [ann.sessionId])
  await expectEnd('session_revoked', stream)
})

test('AU-09: a token that ends takes its stream along as token_expired', async () => {
  const token = await world.token(ann.id, ann.sessionId, 2)
  const stream = await open({ token })
  await expectEnd('token_expired', stream)
})

test('AU-09: a stream that has lived for long ends as max_age', async () => {
  const path = `/events?ticket=${await world.ticket(ann)}`
  const stream = await (await openStream(server.url, { path })).ready()
  await hurry(1_000, () => stream.ended)
  const line = await expectEnd('max_age', stream)
  expect(line['ms']).toBeGreaterThan(12 * 60_000)
  expect(server.log()).not.toContain('ticket')
})

test.each([2, -2])('a clock set by %i hours ends no stream and refuses none', async (hours) => {
  const chat = await world.group([ann])
  const earlier = await open()
  const short = await open({ token: await world.token(ann.id, ann.sessionId, 2) })
  setClock(hours * 3_600_000)
  const later = await open()
  // By then the server has looked at each stream.
  await expectEnd('token_expired', short)
  await world.send(chat, ann, 'at another time')
  await until(() => [earlier, later].every((one) => one.contents().includes('at another time')))
})

test('one stream too many ends the oldest as too_many_streams', async () => {
  const first = await open()
  for (let n = 0; n < 20; n++) await open()
  await expectEnd('too_many_streams', first)
})

test('a reader who takes nothing falls behind, and is cut off as too_slow with what it did not take', async () => {
  const chat = await world.group([ann])
  const stream = await open()
  stream.response.pause()
  await until(async () => {
    await flood(chat)
    return states('behind')
  })
  expect(await server.metric('parley_slow_readers_total')).toBeGreaterThan(0)
  await hurry(15, async () => (await states('behind')) === 0)
  const line = await expectEnd('too_slow')
  expect(line['unsent_bytes']).toBeGreaterThan(64 * 1024)
})

test('a database with another past ends all streams as resync', async () => {
  const stream = await open()
  await world.query("update log_meta set epoch = 'restored'")
  await expectEnd('resync', stream)
  expect(stream.has('resync')).toBe(true)
  expect(await server.metric('parley_resyncs_total{reason="epoch"}')).toBe(1)
})

test('a catch-up that fails when the stream has begun ends it as unavailable', async () => {
  const { lastId } = await open()
  const release = await hold(world, 'topics')
  const stream = await openStream(server.url, { token: ann.token, cursor: lastId })
  await killWaiting(world)
  await release()
  await expectEnd('unavailable', stream)
})

test('a server that stops ends its streams as shutdown', async () => {
  const stream = await open()
  // The metrics end with the server, so only the line is left to read.
  await world.stopServers()
  expect(await server.line('ended', 'shutdown')).toMatchObject({ user_id: ann.id })
  await until(() => stream.has('bye'))
})
