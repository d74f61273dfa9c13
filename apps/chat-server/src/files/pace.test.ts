import { once } from 'node:events'
import { type IncomingMessage, createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { watchPace } from './pace.ts'

const pace = { windowMs: 100, least: 20 }

let found: (fate: 'whole' | 'slow') => void
const server = createServer((request: IncomingMessage, response) => {
  const unwatch = watchPace(request, () => found('slow'), pace)
  request.on('end', () => {
    unwatch()
    found('whole')
    response.end()
  })
  request.on('error', () => undefined)
  request.resume()
})
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => server.close())

/** What becomes of a body of so many bytes, of which some come each time. */
async function fate(length: number, bytes: number, everyMs: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  found = resolve
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const { port } = server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`)
  let left = length
  const timer = setInterval(() => {
    const next = Math.min(bytes, left)
    left -= next
    if (next > 0 && socket.writable) socket.write('x'.repeat(next))
  }, everyMs)
  const result = await promise
  clearInterval(timer)
  socket.destroy()
  return result
}

test('FI-03: a body that drips is given up, and one that comes slowly but surely is not', async () => {
  expect(await fate(1000, 1, 20)).toBe('slow')
  expect(await fate(1000, 0, 20)).toBe('slow')
  expect(await fate(2000, 50, 10)).toBe('whole')
})
