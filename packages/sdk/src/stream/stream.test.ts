import { until } from '@parley/core/testing/until'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createClient } from '../client.ts'
import { frame, ready, sentAt, sentFrame } from '../testing/frames.ts'
import { fast, listen } from '../testing/listener.ts'
import {
  type Peer,
  beginStream,
  makeToken,
  sendJson,
  sendProblem,
  startPeer,
} from '../testing/peer.ts'

let peer: Peer
const stops: (() => void)[] = []

beforeEach(async () => {
  peer = await startPeer()
})
afterEach(async () => {
  vi.restoreAllMocks()
  for (const stop of stops.splice(0)) stop()
  await peer.stop()
})

const client = () =>
  createClient({ url: peer.url, eventsUrl: `${peer.url}/events`, token: makeToken('me') })
const follow = (...args: Parameters<typeof listen>) => {
  const one = listen(...args)
  stops.push(one.stream.close)
  return one
}
const from = {
  cursor: 'c0',
  topics: [7, 8].map((id) => ({ topic: `chat:${id}`, last_seq: 0 })),
}
const cursors = () => peer.at('/events').map(({ headers }) => headers['last-event-id'])

test('where the stream is, is asked for once, and again when no stream begins there', async () => {
  let at = '/old'
  peer.on('GET /api/instance', (_, response) =>
    sendJson(response, 200, { events_url: `${peer.url}${at}` }),
  )
  peer.on('GET /old', (_, response) => {
    beginStream(response, ready())
    if (peer.at('/old').length < 3) response.end()
    else response.destroy()
  })
  peer.on('GET /new', (_, response) => beginStream(response, ready()))
  const { stream } = follow(createClient({ url: peer.url, token: makeToken('me') }), { from })
  await until(() => peer.at('/old').length === 3)
  expect(peer.at('/api/instance')).toHaveLength(1)
  peer.on('GET /old', (_, response) => void response.writeHead(404).end())
  at = '/new'
  await until(() => peer.at('/new').length === 1 && stream.state().state === 'live')
  expect(peer.at('/api/instance')).toHaveLength(2)
})

test('a stream that is cut at any byte goes on from the cursor, each event once', async () => {
  // The cursor says which cut it is about, and how many events were delivered.
  const frames = (cut: number) => [1, 2].map((seq) => sentFrame(7, seq, `${cut}.${seq}`))
  const begun = new Set<number>()
  peer.on('GET /events', ({ headers }, response) => {
    const [cut = 0, at = 0] = String(headers['last-event-id']).split('.').map(Number)
    const bytes = Buffer.from(ready() + frames(cut).slice(at).join(''))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    if (begun.has(cut)) response.write(bytes)
    else response.write(bytes.subarray(0, cut), () => response.destroy())
    begun.add(cut)
  })
  const cutAt = async (cut: number) => {
    const { stream, got } = listen(client(), { from: { ...from, cursor: `${cut}.0` } })
    const whole = () => got().length === 2 && stream.cursor() === `${cut}.2`
    await until(whole, { what: `a whole stream after a cut at ${cut}` })
    expect(got()).toEqual(['7:1', '7:2'])
    stream.close()
    await stream.done
  }
  const { length } = Buffer.from(ready() + frames(9999).join(''))
  for (let n = 0; n < length; n += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, more) => cutAt(n + more)))
  }
})

test('an event that comes twice is delivered once', async () => {
  peer.on('GET /events', (_, response) => {
    const twice = [1, 2, 1, 2, 2, 3].map((seq) => sentFrame(7, seq)).join('')
    beginStream(response, ready() + twice)
  })
  const { got } = follow(client(), { from })
  await until(() => got().length >= 3)
  expect(got()).toEqual(['7:1', '7:2', '7:3'])
})

test('a hole is filled from the log in order, while other topics go on and the cursor waits', async () => {
  peer.on('GET /events', (_, response) => {
    const text = sentFrame(7, 1, 'c1') + sentFrame(7, 5, 'c5') + sentFrame(8, 1, 'c6')
    beginStream(response, ready() + text)
  })
  let release = () => {}
  const asked: string[] = []
  peer.on('GET /api/chats/7/events', ({ path }, response) => {
    asked.push(path)
    const events = path.includes('after=1') ? [2, 3] : [4]
    release = () =>
      sendJson(response, 200, { events: events.map((seq) => sentAt(7, seq)), has_more: false })
  })
  const { stream, got } = follow(client(), { from })
  await until(() => asked.length === 1 && got().includes('8:1'))
  expect(got()).toEqual(['7:1', '8:1'])
  expect(stream.cursor()).toBe('c1')
  release()
  await until(() => asked.length === 2)
  expect(got()).toEqual(['7:1', '8:1', '7:2', '7:3'])
  release()
  await until(() => stream.cursor() === 'c6')
  expect(got()).toEqual(['7:1', '8:1', '7:2', '7:3', '7:4', '7:5'])
})

test('a hole in a chat without access any more is passed over', async () => {
  peer.on('GET /events', (_, response) => {
    beginStream(response, ready() + sentFrame(7, 1) + sentFrame(7, 5))
  })
  const { got } = follow(client(), { from })
  await until(() => got().length === 2)
  expect(got()).toEqual(['7:1', '7:5'])
})

test('a hole in any other topic asks for a new bootstrap', async () => {
  const renamed = { ...sentAt(1, 9), topic: 'user:1', kind: 'UserUpdated', user: { id: 1 } }
  peer.on('GET /events', ({ headers }, response) => {
    beginStream(
      response,
      headers['last-event-id'] === 'c0' ? frame('UserUpdated', renamed, 'c1') : ready(),
    )
  })
  const reasons: string[] = []
  const { stream, events } = follow(client(), {
    from: { cursor: 'c0', topics: [{ topic: 'user:1', last_seq: 7 }] },
    onResync(reason) {
      reasons.push(reason)
      return { cursor: 'fresh', topics: [] }
    },
  })
  await until(() => stream.state().state === 'live')
  expect([reasons, events, cursors()]).toEqual([['hole'], [], ['c0', 'fresh']])
})

test('resync takes a new bootstrap, over and over if it must, and goes on with its cursor', async () => {
  peer.on('GET /events', ({ headers }, response) => {
    const fresh = headers['last-event-id'] === 'fresh3'
    beginStream(response, fresh ? ready() : frame('resync', { reason: 'too_old' }, 'never'))
  })
  let n = 0
  const { stream, states } = follow(client(), { from, onResync: () => ({ cursor: `fresh${++n}` }) })
  await until(() => stream.state().state === 'live')
  expect(cursors()).toEqual(['c0', 'fresh1', 'fresh2', 'fresh3'])
  expect(stream.cursor()).toBe('fresh3')
  expect(states.slice(0, 2)).toEqual(['connecting:start', 'connecting:resync'])
})

test('who was away for long takes a new bootstrap at once', async () => {
  const random = vi.spyOn(Math, 'random')
  let dice = 0
  peer.on('GET /events', ({ headers }, response) => {
    if (peer.at('/events').length < 5) return void response.destroy()
    dice = random.mock.calls.length
    const fresh = headers['last-event-id'] === 'fresh'
    beginStream(response, fresh ? ready() : frame('resync', { reason: 'too_old' }, 'never'))
  })
  const waits: number[] = []
  const { stream } = follow(client(), {
    from,
    onResync() {
      waits.push(random.mock.calls.length - dice)
      return { cursor: 'fresh' }
    },
  })
  await until(() => stream.state().state === 'live')
  // Each wait would throw dice for its length.
  expect([waits, dice > 0]).toEqual([[0], true])
})

test('frames that are no events are reported once and passed over, unknown kinds silently', async () => {
  const odd = [
    'event: NewMessage\ndata: {"topic":\n\n',
    'event: NewMessage\ndata: []\n\n',
    'data: hello\n\n',
    'nonsense\n\n',
    ': comment\n\n',
    `event: ready\ndata: {{{\n\n`,
    frame('Teleported', { ...sentAt(7, 2), kind: 'Teleported' }),
    frame('NewMessage', { ...sentAt(7, 2), topic: 'chat:x' }),
  ].join('')
  peer.on('GET /events', (_, response) => {
    beginStream(response, sentFrame(7, 1) + odd + sentFrame(7, 3))
  })
  const malformed: string[] = []
  const { got } = follow(client(), { from, onMalformed: (data) => malformed.push(data) })
  await until(() => got().length === 2)
  expect(got()).toEqual(['7:1', '7:3'])
  expect(malformed).toEqual(['{"topic":'])
})

test('typing and presence come apart from the events, and what is garbled of them never', async () => {
  const typing = { kind: 'Typing', chat_id: 7, user_id: 2, expires_in_seconds: 6 }
  const gone = { kind: 'PresenceChanged', user_id: 2, presence: 'offline' }
  peer.on('GET /events', (_, response) => {
    beginStream(
      response,
      [
        frame('Typing', { ...typing, more: 1 }),
        frame('Typing', { ...typing, user_id: '2' }),
        frame('Typing', null),
        'event: Typing\ndata: {\n\n',
        frame('PresenceChanged', { ...gone, presence: 'invisible' }),
        frame('PresenceChanged', gone),
        sentFrame(7, 1, 'c1'),
      ].join(''),
    )
  })
  const ephemerals: unknown[] = []
  const malformed: string[] = []
  const { got, stream } = follow(client(), {
    from,
    onEphemeral: (event) => ephemerals.push(event),
    onMalformed: (data) => malformed.push(data),
  })
  await until(() => got().length === 1)
  expect(ephemerals).toEqual([typing, gone])
  expect([malformed, stream.cursor()]).toEqual([[], 'c1'])
})

test('cursors of frames without data count, and never run ahead of delivery', async () => {
  const seen: (string | undefined)[] = []
  peer.on('GET /events', (_, response) => {
    beginStream(response, ready() + sentFrame(7, 1, 'c1') + sentFrame(7, 2, 'c2') + 'id: c9\n\n')
  })
  const { stream } = follow(client(), { from, onEvent: () => seen.push(stream.cursor()) })
  await until(() => stream.cursor() === 'c9')
  expect(seen).toEqual(['c0', 'c1'])
})

test('a connection that falls silent is stale, then dead, and replaced', async () => {
  peer.on('GET /events', (_, response) => {
    beginStream(response, ready() + (peer.at('/events').length === 1 ? '' : sentFrame(7, 1)))
  })
  const { got, states } = follow(client(), { from, timing: { ...fast, heartbeatMs: 300 } })
  await until(() => got().length === 1)
  expect(states.slice(0, 4)).toEqual([
    'connecting:start',
    'live',
    'stale:heartbeat_missed',
    'offline:silent',
  ])
})

test('a clock that is set back does not keep a silent connection', async () => {
  peer.on('GET /events', (_, response) => beginStream(response, ready()))
  const { stream, states } = follow(client(), { from, timing: { ...fast, heartbeatMs: 100 } })
  await until(() => stream.state().state === 'live')
  const now = Date.now.bind(Date)
  vi.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000)
  await until(() => states.includes('offline:silent'))
})

test('any byte is a sign of life', async () => {
  peer.on('GET /events', (_, response) => {
    beginStream(response, ready())
    let beats = 0
    const timer = setInterval(() => {
      response.write(++beats < 10 ? ': \n' : sentFrame(7, 1))
    }, 60)
    response.on('close', () => clearInterval(timer))
  })
  const { got, states } = follow(client(), { from, timing: { ...fast, heartbeatMs: 150 } })
  await until(() => got().length === 1)
  expect(states).not.toContain('offline:silent')
})

test('a refused token is renewed once, and the stream goes on with the new one', async () => {
  const fresh = makeToken('fresh')
  peer.on('POST /api/auth/refresh', (_, response) => sendJson(response, 200, { token: fresh }))
  peer.on('GET /events', ({ headers }, response) => {
    if (headers.authorization === `Bearer ${fresh}`) beginStream(response, ready())
    else sendProblem(response, 401, 'not_signed_in')
  })
  const options = { url: peer.url, eventsUrl: `${peer.url}/events`, token: makeToken('old') }
  const { stream } = follow(createClient({ ...options, refreshToken: 'r' }), { from })
  await until(() => stream.state().state === 'live')
  expect(peer.at('/api/auth/refresh').map(({ body }) => body)).toEqual(['{"refresh_token":"r"}'])
})

test('a stream whose session was revoked goes on with another one at once, where there is one', async () => {
  const fresh = makeToken('fresh')
  peer.on('POST /api/auth/refresh', (_, response) => sendJson(response, 200, { token: fresh }))
  peer.on('GET /events', ({ headers }, response) => {
    beginStream(response, ready())
    if (headers.authorization === `Bearer ${fresh}`) return
    response.end(frame('bye', { reason: 'session_revoked' }))
  })
  const options = { url: peer.url, eventsUrl: `${peer.url}/events`, token: makeToken('old') }
  const { states } = follow(createClient({ ...options, refreshToken: 'r' }), { from })
  await until(() => states.filter((state) => state === 'live').length === 2)
  expect(states).toEqual(['connecting:start', 'live', 'connecting:reconnect', 'live'])
})

test('whoever is refused with a new token too is signed out, and the stream ends', async () => {
  peer.on('POST /api/auth/refresh', (_, response) =>
    sendJson(response, 200, { token: makeToken('fresh') }),
  )
  peer.on('GET /events', (_, response) => sendProblem(response, 401, 'not_signed_in'))
  const options = { url: peer.url, eventsUrl: `${peer.url}/events`, token: makeToken('old') }
  const { stream } = follow(createClient({ ...options, refreshToken: 'r' }), { from })
  await stream.done
  expect(stream.state()).toEqual({ state: 'offline', reason: 'signed_out' })
  expect(peer.at('/events')).toHaveLength(2)
})

test('reauth opens the next connection before the old one goes, and nothing doubles', async () => {
  const fresh = makeToken('fresh')
  peer.on('POST /api/auth/refresh', (_, response) => sendJson(response, 200, { token: fresh }))
  const order: string[] = []
  peer.on('GET /events', ({ headers }, response) => {
    const old = headers.authorization !== `Bearer ${fresh}`
    order.push(old ? 'old opens' : 'new opens')
    response.on('close', () => order.push(old ? 'old closes' : 'new closes'))
    const reauth = frame('reauth', { expires_in_seconds: 45 })
    beginStream(
      response,
      old
        ? ready() + sentFrame(7, 1, 'c1') + reauth + sentFrame(7, 2)
        : sentFrame(7, 1) + sentFrame(7, 2) + ready('c2') + sentFrame(7, 3),
    )
  })
  const options = { url: peer.url, eventsUrl: `${peer.url}/events`, token: makeToken('old') }
  const { got, states } = follow(createClient({ ...options, refreshToken: 'r' }), { from })
  await until(() => got().includes('7:3') && order.length === 3)
  expect(got()).toEqual(['7:1', '7:2', '7:3'])
  expect(order).toEqual(['old opens', 'new opens', 'old closes'])
  expect(states).toEqual(['connecting:start', 'live'])
})

test('Retry-After and retry: are waited for at least, unless woken', async () => {
  peer.on('GET /events', (_, response) => {
    const n = peer.at('/events').length
    if (n === 1) sendProblem(response, 503, 'unavailable', { 'retry-after': '60' })
    else if (n === 2) beginStream(response, 'retry: 50000\n\n').end()
    else beginStream(response, ready())
  })
  const waits: (number | undefined)[] = []
  const stream = client().stream({
    from,
    timing: fast,
    onEvent: () => undefined,
    onResync: () => from,
    onState: (state) => state.state === 'offline' && waits.push(state.retryInMs),
  })
  stops.push(stream.close)
  await until(() => waits.length === 1)
  stream.wake()
  await until(() => waits.length === 2)
  stream.wake()
  await until(() => stream.state().state === 'live')
  expect(waits).toEqual([60_000, 50_000])
})

test('what the application throws ends the stream and comes out of done', async () => {
  peer.on('GET /events', (_, response) => {
    beginStream(response, ready() + sentFrame(7, 1, 'c1') + sentFrame(7, 2, 'c2'))
  })
  const { stream, got } = follow(client(), {
    from,
    onEvent: () => {
      throw new Error('ours')
    },
  })
  await expect(stream.done).rejects.toThrow('ours')
  expect(got()).toEqual(['7:1'])
  expect([stream.cursor(), stream.state()]).toEqual(['c0', { state: 'offline', reason: 'failed' }])
})

test('sign-out closes the stream', async () => {
  peer.on('POST /api/auth/signout', (_, response) => response.writeHead(204).end())
  peer.on('GET /events', (_, response) => beginStream(response, ready()))
  const one = client()
  const { stream } = follow(one, { from })
  await until(() => stream.state().state === 'live')
  await one.signOut()
  await stream.done
  expect(stream.state()).toEqual({ state: 'offline', reason: 'signed_out' })
})
