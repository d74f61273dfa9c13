import { once } from 'node:events'
import { type Server, type Socket, connect, createServer } from 'node:net'
import { until } from '@parley/core/testing/until'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Link, openLink } from './link.ts'

/** A server that keeps what it is told, and may be made to speak. */
let server: Server
let inside: Socket[]
let heard: string
let link: Link

beforeEach(async () => {
  inside = []
  heard = ''
  server = createServer({ allowHalfOpen: true }, (socket) => {
    inside.push(socket)
    socket.on('error', () => undefined)
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  link = await openLink('test', port, Math.random)
})
afterEach(async () => {
  await link.stop()
  for (const socket of inside) socket.destroy()
  server.close()
})

interface Client {
  socket: Socket
  heard(): string
  /** How it came to its end, if it did: with an error's code, or in order. */
  ended(): string | undefined
}

async function client(): Promise<Client> {
  const socket = connect({ port: link.port, host: '127.0.0.1', allowHalfOpen: true })
  let text = ''
  let end: string | undefined
  socket.setEncoding('utf8').on('data', (part: string) => (text += part))
  socket.on('end', () => (end ??= 'end'))
  socket.on('error', (error: NodeJS.ErrnoException) => (end = error.code))
  await once(socket, 'connect')
  await until(() => inside.length > 0)
  return { socket, heard: () => text, ended: () => end }
}

test('what is whole runs through in both directions', async () => {
  const { socket, heard: answer } = await client()
  socket.write('hello')
  await until(() => heard === 'hello')
  inside[0]?.write('welcome')
  await until(() => answer() === 'welcome')
})

test('a held lane brings nothing, not even the end, and all of it in order once it is let go', async () => {
  const { socket } = await client()
  link.set('up', { held: true })
  socket.write('one ')
  await until(() => link.up.heldBytes === 4)
  socket.end('two')
  let over = false
  inside[0]?.on('end', () => (over = true))
  await until(() => link.up.heldBytes === 7)
  expect([heard, over]).toEqual(['', false])
  link.heal()
  await until(() => heard === 'one two' && over)
})

test('the other direction of a held lane goes on', async () => {
  const { heard: answer } = await client()
  link.set('up', { held: true })
  inside[0]?.write('still here')
  await until(() => answer() === 'still here')
})

test('a client that vanishes behind held lanes stays open for the server until they are let go', async () => {
  const { socket } = await client()
  let gone = false
  for (const event of ['end', 'close']) inside[0]?.on(event, () => (gone = true))
  link.set('up', { held: true })
  link.set('down', { held: true })
  socket.destroy()
  // Another connection makes the whole way there and is seen; the vanished one is still there.
  const before = inside.length
  connect({ port: link.port, host: '127.0.0.1' }).on('error', () => undefined)
  await until(() => inside.length > before)
  expect(gone).toBe(false)
  link.heal()
  await until(() => gone)
})

test('a late lane keeps the order and brings nothing before its time', async () => {
  const { socket } = await client()
  link.set('up', { delayMs: 60, jitterMs: 30 })
  const from = performance.now()
  for (const part of ['a', 'b', 'c', 'd']) socket.write(part)
  await until(() => heard === 'abcd')
  expect(performance.now() - from).toBeGreaterThan(55)
})

test('a narrow lane takes as long as its width says', async () => {
  const { socket } = await client()
  link.set('up', { bytesPerSecond: 100_000 })
  const from = performance.now()
  socket.write('x'.repeat(20_000))
  await until(() => heard.length === 20_000)
  expect(performance.now() - from).toBeGreaterThan(150)
})

test('a lane that is cut carries exactly so many bytes and then resets both ends', async () => {
  const { ended, heard: answer } = await client()
  link.set('down', { cutAfter: 10 })
  inside[0]?.write('0123456789abcdef')
  await until(() => ended() !== undefined)
  expect(answer().length).toBeLessThanOrEqual(10)
  expect([ended(), link.down.passedBytes, link.down.resets]).toEqual(['ECONNRESET', 10, 1])
})

test('a reset breaks what is open and lets new connections in', async () => {
  const { ended } = await client()
  expect(link.reset()).toBe(1)
  await until(() => ended() === 'ECONNRESET' && link.connections === 0)
  const { socket } = await client()
  socket.write('again')
  await until(() => heard === 'again')
})

test('half-closing ends one direction only', async () => {
  const { socket, ended } = await client()
  link.halfClose('down')
  await until(() => ended() === 'end')
  socket.write('still listening?')
  await until(() => heard === 'still listening?')
})
