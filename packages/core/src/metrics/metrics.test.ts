import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../free-port.ts'
import { createMetrics } from './metrics.ts'
import { serveMetrics } from './serve.ts'

/** Serves them on a free port, and reads what a path answers. */
async function served(metrics = createMetrics()) {
  const port = await freePort()
  const stop = await serveMetrics(metrics, port, '127.0.0.1')
  onTestFinished(stop)
  return (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init)
}

test('every value of a label is there before anything has happened', async () => {
  const metrics = createMetrics()
  const ended = metrics.counters('ends_total', 'Ends.', 'reason', ['shutdown', 'too_slow'])
  const took = metrics.histograms('seconds', 'Times.', [1, 2], 'of', ['a', 'b'])
  expect(await metrics.text()).toContain('ends_total{reason="too_slow"} 0')
  ended('too_slow')
  took('b', 1.5)
  const text = await metrics.text()
  expect(text).toContain('ends_total{reason="shutdown"} 0\nends_total{reason="too_slow"} 1')
  expect(text).toContain('seconds_count{of="a"} 0')
  expect(text).toContain('seconds_bucket{le="1",of="b"} 0\nseconds_bucket{le="2",of="b"} 1')
})

test('a gauge is looked up when somebody asks', async () => {
  const metrics = createMetrics()
  let open = 1
  metrics.gauge('open', 'Open.', () => open)
  metrics.gauges('by_state', 'By state.', 'state', () => ({ live: open, behind: 0 }))
  expect(await metrics.text()).toMatch(/^open 1$/m)
  open = 7
  const text = await metrics.text()
  expect(text).toMatch(/^open 7$/m)
  expect(text).toMatch(/^by_state\{state="live"\} 7$/m)
})

test('answers are counted by the class of their status', async () => {
  const metrics = createMetrics()
  const answered = metrics.answers('request_seconds', 'Requests.')
  for (const status of [200, 204, 404])
    answered({ method: 'GET', route: '/api/chats/:id', status, seconds: 0.002 })
  const text = await metrics.text()
  const labels = (status: string) => `{method="GET",route="/api/chats/:id",status="${status}"}`
  expect(text).toContain(`request_seconds_count${labels('2xx')} 2`)
  expect(text).toContain(`request_seconds_count${labels('4xx')} 1`)
})

test('two servers in one process count apart', async () => {
  const [one, other] = [createMetrics(), createMetrics()]
  const count = one.counter('things_total', 'Things.')
  other.counter('things_total', 'Things.')
  count()
  expect(await one.text()).toMatch(/^things_total 1$/m)
  expect(await other.text()).toMatch(/^things_total 0$/m)
})

test('the port serves GET /metrics, with what Node knows of its process, and nothing else', async () => {
  const get = await served()
  const metrics = await get('/metrics')
  expect(metrics.status).toBe(200)
  expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const text = await metrics.text()
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m)
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m)
  for (const line of text.trim().split('\n'))
    expect(line).toMatch(
      /^(?:|# (?:HELP|TYPE) .+|[a-z][a-z0-9_]*(?:\{[^{}]+\})? (?:[\d.e+-]+|NaN|[+-]Inf))$/i,
    )
  for (const path of ['/', '/metrics/', '/metrics?x=1', '/healthz', '/api/me'])
    expect((await get(path)).status).toBe(404)
  expect((await get('/metrics', { method: 'POST', body: 'x' })).status).toBe(405)
})

test('port 0 serves nothing', async () => {
  const metrics = createMetrics()
  await (
    await serveMetrics(metrics, 0, '127.0.0.1')
  )()
  expect(await metrics.text()).not.toContain('process_')
})

test('a port that is taken is an error with its code', async () => {
  const port = await freePort()
  onTestFinished(await serveMetrics(createMetrics(), port, '127.0.0.1'))
  await expect(serveMetrics(createMetrics(), port, '127.0.0.1')).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
})
