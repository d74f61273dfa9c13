import { type Socket, connect, createServer } from 'node:net'
import { createChat, getMe, listMessages, sendMessage, updateChat } from '@parley/contract'
import { freePort } from '@parley/core/free-port'
import { until } from '@parley/core/testing/until'
import { afterAll, expect, test } from 'vitest'
import { caller } from './fixtures/call.ts'
import { startChatServer } from './fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const anna = await server.person()
await server.workspace(anna)
const channel = (name: string) => anna.call(createChat, { body: { type: 'private_channel', name } })

test('a chat that somebody keeps locked holds up no other, and its messages arrive in the end', async () => {
  const [locked, free] = [await channel('locked'), await channel('free')]
  const send = (id: number, content: string) =>
    anna.outcome(sendMessage, { params: { id }, body: { content } })
  const release = await server.hold(locked.id)
  const waiting = ['a', 'b', 'c'].map((content) => send(locked.id, content))
  await until(async () => (await server.waiting()) > 0)
  for (let n = 0; n < 10; n++) {
    const since = performance.now()
    expect(await send(free.id, `${n}`)).toBe('201')
    expect(performance.now() - since).toBeLessThan(1_000)
  }
  await release()
  expect(await Promise.all(waiting)).toEqual(['201', '201', '201'])
})

test('messages that one sender has under way at once keep their order', async () => {
  const { id } = await channel('order')
  // One connection, one request after the other without waiting for the answers.
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  const body = (n: number) => JSON.stringify({ content: `${n}` })
  for (let n = 0; n < 30; n++) {
    socket.write(
      `POST /api/chats/${id}/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${anna.token}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body(n).length}\r\n\r\n${body(n)}`,
    )
  }
  const read = () => anna.call(listMessages, { params: { id }, query: { limit: 100 } })
  await until(async () => (await read()).messages.length === 30)
  socket.destroy()
  const contents = (await read()).messages.map(({ content }) => content)
  expect(contents).toEqual(Array.from({ length: 30 }, (_, n) => `${n}`))
})

test('a stop lets the requests under way finish', async () => {
  const other = await server.again()
  const { id } = await channel('stopping')
  const there = caller(other.url, anna.token)
  await there.call(getMe, {})
  const release = await server.hold(id)
  // Each waits in a statement of its own, which shows that the server has read it.
  const changes = Array.from({ length: 5 }, (_, n) =>
    there.outcome(updateChat, { params: { id }, body: { description: `${n}` } }),
  )
  await until(async () => (await server.waiting()) === 5)
  const stopping = other.server.stop()
  await until(() => fetch(`${other.url}/readyz`).catch(() => 'nobody takes new connections'))
  await release()
  expect(await Promise.all(changes)).toEqual(Array(5).fill('200'))
  // Connections that the clients would keep do not keep the server.
  const since = performance.now()
  await stopping
  expect(performance.now() - since).toBeLessThan(2_000)
})

test('without its database the server says so, and comes back by itself', async () => {
  const { id } = await channel('cut')
  const database = new URL(String(server.config.databaseUrl))
  const wire = await link(Number(database.port), database.hostname)
  database.port = String(wire.port)
  database.hostname = '127.0.0.1'
  const other = await server.again({ DATABASE_URL: database.href })
  const ready = async () => (await fetch(`${other.url}/readyz`)).status
  expect(await ready()).toBe(200)
  await wire.cut()
  expect(await ready()).toBe(503)
  expect((await fetch(`${other.url}/healthz`)).status).toBe(200)
  const there = caller(other.url, anna.token)
  const body = { content: 'into the void', nonce: 'void' }
  for (let n = 0; n < 3; n++) {
    const refused = await there.ask(sendMessage, { params: { id }, body })
    expect(refused).toMatchObject({ status: 503, code: 'unavailable' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(JSON.stringify(refused.body)).not.toMatch(/postgres|ECONN|terminat/i)
  }
  await wire.mend()
  await until(async () => (await ready()) === 200)
  expect(await there.outcome(sendMessage, { params: { id }, body })).toBe('201')
  expect(await there.outcome(sendMessage, { params: { id }, body })).toBe('200')
})

/** A wire to the database that can be cut. */
async function link(to: number, host: string) {
  const sockets = new Set<Socket>()
  const listener = createServer((near) => {
    const far = connect(to, host)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.pipe(other)
      one.on('error', () => undefined)
      one.on('close', () => other.destroy())
    }
  })
  const port = await freePort()
  const mend = () => new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve))
  await mend()
  return {
    port,
    mend,
    async cut() {
      const closed = new Promise((resolve) => listener.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
