import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, type Socket, connect } from 'node:net'
import { until } from '@parley/core/testing/until'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { usedMemory } from './fixtures/memory.ts'
import { chunk } from './frame.ts'
import { Outlet } from './outlet.ts'
import { Stream } from './stream.ts'

let outlet: Outlet
let reader: Socket
let drained: number
let close: () => Promise<void>

beforeEach(() => open('1.1'))
afterEach(() => close())

/** A response that has begun, and a reader who takes nothing yet. */
async function open(version: string): Promise<void> {
  drained = 0
  const server = createServer((request, response) => {
    outlet = new Outlet(response, request.socket)
    outlet.begin({ 'content-type': 'text/plain' }, () => drained++)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's is no string
  reader = connect((server.address() as AddressInfo).port, '127.0.0.1')
  reader.write(`GET / HTTP/${version}\r\nHost: x\r\n\r\n`)
  await once(reader, 'readable')
  close = async () => {
    reader.destroy()
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
}

/** Writes until neither kernel takes more. */
function fill(least = 64 * 1024): void {
  const frame = chunk(`${'x'.repeat(64 * 1024)}\n`)
  while (outlet.waiting <= least) outlet.write([frame])
}

test('what waits for a reader who stopped takes its own bytes, not those of its neighbours', () => {
  fill()
  const before = usedMemory()
  for (let n = 0; n < 1_000; n++) {
    outlet.write([chunk(`data: ${n}\n\n`.padEnd(190))])
    // To others, in the same moment.
    for (let m = 0; m < 30; m++) chunk(`data: ${m}\n\n`.padEnd(190))
  }
  expect(usedMemory() - before).toBeLessThan(400_000)
  expect(outlet.waiting).toBeGreaterThan(190_000)
})

test.each(['1.1', '1.0'])(
  'all of it arrives in its order, and the end after it (HTTP/%s)',
  async (version) => {
    await close()
    await open(version)
    fill()
    const sent = createHash('sha256')
    for (let n = 0; n < 3_000; n++) {
      const text = `${n}:${'y'.repeat(n % 500)}\n`
      sent.update(text)
      outlet.write([chunk(text)])
    }
    let body = ''
    reader.setEncoding('latin1').on('data', (text: string) => (body += text))
    await until(() => outlet.waiting === 0)
    await until(() => drained > 0)
    fill()
    outlet.write([chunk('last words\n')])
    sent.update('last words\n')
    outlet.end()
    await once(reader, 'close')
    const got = body.match(/^\d+:y*$|^last words$/gm)?.join('\n') ?? ''
    expect(createHash('sha256').update(`${got}\n`).digest('hex')).toBe(sent.digest('hex'))
    expect(body.endsWith('0\r\n\r\n')).toBe(version === '1.1')
  },
)

test('what may be lost gives way to events, and then events to what the reader has not taken', () => {
  const stream = new Stream(
    outlet,
    { userId: 1, sessionId: 1, kid: undefined, expiresAt: undefined },
    undefined,
  )
  const frame = chunk('data: x\n\n')
  expect(stream.offer(frame)).toBe(false)
  stream.state = 'live'
  expect(stream.offer(frame)).toBe(true)
  fill()
  expect([stream.offer(frame), stream.push(frame)]).toEqual([false, true])
  for (let n = 0; n < 4; n++) fill(outlet.waiting + 64 * 1024)
  expect([stream.offer(frame), stream.push(frame)]).toEqual([false, false])
})
