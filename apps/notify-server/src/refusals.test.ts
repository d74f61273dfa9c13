import { request } from 'node:http'
import { until } from '@parley/core/testing/until'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type OpenOptions, openStream } from './fixtures/sse.ts'
import { type Watched, hold, killWaiting, watched } from './fixtures/watched.ts'
import { type Person, World } from './fixtures/world.ts'

let world: World
let server: Watched
let ann: Person

beforeEach(async () => {
  world = await World.create()
  server = await watched(world, { maxStreams: 1 })
  ann = await world.person()
})
afterEach(() => world.end())

const open = (more: OpenOptions = {}) => openStream(server.url, { token: ann.token, ...more })

/** One line and one count say why. */
async function expectRefusal(why: string, expected: Record<string, unknown>): Promise<void> {
  expect(await server.line('refused', why)).toMatchObject({ route: '/events', ...expected })
  expect(await server.metric(`parley_stream_refusals_total{reason="${why}"}`)).toBe(1)
  expect(server.lines()).toHaveLength(1)
  for (const secret of [ann.token, '127.0.0.1', 'ticket'])
    expect(server.log()).not.toContain(secret)
}

test('somebody unknown is refused as not_signed_in', async () => {
  expect((await open({ token: 'nonsense' })).status).toBe(401)
  await expectRefusal('not_signed_in', { status: 401 })
})

test('a cursor that no server gave out is refused as invalid_cursor', async () => {
  expect((await open({ cursor: 'nonsense' })).status).toBe(400)
  await expectRefusal('invalid_cursor', { status: 400, user_id: ann.id })
})

test('a request with a body is refused as invalid_request', async () => {
  expect((await open({ headers: { 'content-length': '1' } })).status).toBe(400)
  await expectRefusal('invalid_request', { status: 400, user_id: ann.id })
})

test('a session that was revoked before is refused as session_revoked', async () => {
  await world.query('update sessions set revoked_at = now() where id = $1', [ann.sessionId])
  expect((await open()).status).toBe(401)
  await expectRefusal('session_revoked', { status: 401, user_id: ann.id })
})

test('one stream more than there is room for is refused as full', async () => {
  await (await open()).ready()
  expect((await open()).status).toBe(503)
  await expectRefusal('full', { status: 503, user_id: ann.id })
})

test('a server that does not follow the log refuses as tail_lost, and its lag grows', async () => {
  await world.query('alter table log_meta rename to elsewhere')
  await until(async () => (await server.metric('parley_tail_following')) === 0)
  expect((await open()).status).toBe(503)
  await expectRefusal('tail_lost', { status: 503, user_id: ann.id })
  expect(await server.metric('parley_tail_reconnects_total')).toBeGreaterThan(0)
  const lag = await server.metric('parley_tail_lag_seconds')
  await until(async () => (await server.metric('parley_tail_lag_seconds')) > lag + 0.5)
  await world.query('alter table elsewhere rename to log_meta')
  await until(async () => (await server.metric('parley_tail_following')) === 1)
  expect(await server.metric('parley_tail_lag_seconds')).toBeLessThan(lag + 0.5)
})

test('a ticket that cannot be looked up is refused as database', async () => {
  const release = await hold(world, 'event_tickets')
  const path = `/events?ticket=${'x'.repeat(43)}`
  const opening = openStream(server.url, { path })
  await killWaiting(world)
  await release()
  // An EventSource would give up on another status; it is told when to come back.
  const stream = await opening
  await until(() => stream.ended)
  expect(stream.text).toMatch(/^retry: \d+\n\n$/)
  await expectRefusal('database', { status: 200 })
})

test('a catch-up that fails before the stream has begun is refused as unavailable', async () => {
  const release = await hold(world, 'chat_members')
  const opening = open()
  await killWaiting(world)
  await release()
  expect((await opening).status).toBe(503)
  await expectRefusal('unavailable', { status: 503, user_id: ann.id })
})

test.for(['event_tickets', 'chat_members'])(
  'a client who goes while the server looks into %s is refused as by_client',
  async (table) => {
    const ticket = await world.ticket(ann)
    const release = await hold(world, table)
    const sent = request(`${server.url}/events?ticket=${ticket}`, { agent: false })
    sent.on('error', () => undefined)
    sent.end()
    await until(
      async () =>
        (await world.query("select from pg_stat_activity where wait_event_type = 'Lock'")).length,
    )
    const gone = new Promise((resolve) => sent.once('close', resolve))
    sent.destroy()
    await gone
    // The server, too, has seen that it went: the end of this request comes after that of the other.
    await fetch(`${server.url}/healthz`)
    await release()
    await expectRefusal('by_client', { user_id: ann.id })
    expect(server.lines()[0]).not.toHaveProperty('status')
  },
)
