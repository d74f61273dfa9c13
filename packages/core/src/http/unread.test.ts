import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../free-port.ts'
import { until } from '../testing/until.ts'
import { createHttpServer } from './server.ts'

const MiB = 1024 * 1024
const app = createHttpServer({
  log: pino({ level: 'silent' }),
  answered: () => undefined,
  bodyLimit: 1024,
  ready: async () => true,
  secure: false,
  mostUnread: 16 * MiB,
})
app.get('/large', async () => 'x'.repeat(MiB))

let port: number
const open = new Set<Socket>()
beforeAll(async () => {
  port = await freePort()
  app.server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  await app.listen({ port, host: '127.0.0.1' })
})
afterAll(() => app.close())

/** Asks so many times at once, and reads nothing; its port. */
async function ask(times: number): Promise<{ socket: Socket; from: number | undefined }> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  await once(socket, 'connect')
  socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(times))
  return { socket, from: socket.localPort }
}

const isOpen = (from: number | undefined) => [...open].some(({ remotePort }) => remotePort === from)
const read = async () => (await (await fetch(`http://127.0.0.1:${port}/large`)).text()).length

test('a client that asks for much and reads nothing is cut off, and others are served', async () => {
  const greedy = await ask(60)
  await until(() => !isOpen(greedy.from), { timeoutMs: 5000, what: 'the cut' })
  expect(await read()).toBe(MiB)
})

test('of several who do not read, those who began first are cut off', async () => {
  const first = await ask(10)
  await until(() => isOpen(first.from))
  expect(await read()).toBe(MiB)
  const second = await ask(10)
  const third = await ask(10)
  await until(() => !isOpen(first.from), { timeoutMs: 5000, what: 'the cut' })
  expect(await read()).toBe(MiB)
  expect(isOpen(third.from)).toBe(true)
  for (const { socket } of [second, third]) socket.destroy()
  await until(() => !isOpen(second.from) && !isOpen(third.from))
})

test('much that is read is no reason for a cut', async () => {
  for (let n = 0; n < 40; n++) expect(await read()).toBe(MiB)
})
