import { connect } from 'node:net'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../free-port.ts'
import { createHttpServer } from './server.ts'

const patience = { headers: 300, request: 400, reading: 400 }
const app = createHttpServer({
  log: pino({ level: 'silent' }),
  answered: () => undefined,
  bodyLimit: 1024,
  ready: async () => true,
  secure: false,
  patience,
})
app.get('/much', async () => 'x'.repeat(64 << 20))
app.post('/body', async () => 'read')

let port: number
beforeAll(async () => {
  port = await freePort()
  await app.listen({ port, host: '127.0.0.1' })
})
afterAll(() => app.close())

/** Connects, sends pieces with 50 ms between them, and says after how long the server closed. */
function closedAfter(
  pieces: Iterable<string>,
  reads = true,
): Promise<{ ms: number; text: string }> {
  return new Promise((resolve) => {
    const began = performance.now()
    let text = ''
    const socket = connect(port, '127.0.0.1')
    const next = pieces[Symbol.iterator]()
    const timer = setInterval(() => {
      const { value, done } = next.next()
      if (done !== true && socket.writable) socket.write(value)
    }, 50)
    if (reads) socket.setEncoding('latin1').on('data', (part: string) => (text += part))
    socket.on('error', () => undefined)
    const finish = () => {
      clearInterval(timer)
      resolve({ ms: performance.now() - began, text })
    }
    socket.on('close', finish)
    // Whoever does not read does not see the end either: the server's side tells.
    if (!reads) app.server.once('connection', (other) => other.once('close', finish))
  })
}

function* slowly(text: string): Generator<string> {
  for (;;) yield text
}

const limit = 3_000

test('DO-01: a client that connects and says nothing is sent away', async () => {
  const { ms, text } = await closedAfter([])
  expect(ms).toBeLessThan(limit)
  expect(text).toMatch(/^HTTP\/1\.1 408 [^]*"code":"request_timeout"/)
})

test('DO-01: headers that drip in are cut off', async () => {
  const { ms, text } = await closedAfter(
    (function* () {
      yield 'GET /healthz HTTP/1.1\r\nHost: x\r\n'
      yield* slowly('X: x\r\n')
    })(),
  )
  expect(ms).toBeLessThan(limit)
  expect(text).toMatch(/^HTTP\/1\.1 408 [^]*"code":"request_timeout"/)
})

test('DO-01: a body that drips in is cut off', async () => {
  const { ms, text } = await closedAfter(
    (function* () {
      yield 'POST /body HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n'
      yield* slowly(' ')
    })(),
  )
  expect(ms).toBeLessThan(limit)
  expect(text).toMatch(/^HTTP\/1\.1 408 [^]*"code":"request_timeout"/)
})

test('DO-01: a client that does not read its answer is dropped', async () => {
  const { ms } = await closedAfter(['GET /much HTTP/1.1\r\nHost: x\r\n\r\n'], false)
  expect(ms).toBeLessThan(limit)
})

test('DO-01: others are served meanwhile', async () => {
  const slow = closedAfter(slowly('G'))
  const reply = await fetch(`http://127.0.0.1:${port}/healthz`)
  expect(reply.status).toBe(200)
  await slow
})
