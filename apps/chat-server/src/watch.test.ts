import { createChat, getChat, moveReadMarker, sendMessage, signIn } from '@parley/contract'
import { freePort } from '@parley/core/free-port'
import { until } from '@parley/core/testing/until'
import { afterAll, expect, test } from 'vitest'
import { startChatServer } from './fixtures/chat-server.ts'

const port = await freePort()
const server = await startChatServer({ PARLEY_CHAT_METRICS_PORT: String(port) })
afterAll(() => server.stop())
const anna = await server.person()
await server.workspace(anna)
const { id } = await anna.call(createChat, { body: { type: 'private_channel', name: 'measured' } })

const metrics = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()

/** The value of a metric, by its name and labels as they are written. */
async function metric(name: string): Promise<number> {
  const line = (await metrics()).split('\n').find((line) => line.startsWith(`${name} `))
  return Number(line?.slice(name.length + 1))
}

const send = (content: string) => anna.outcome(sendMessage, { params: { id }, body: { content } })

test('requests are counted by the pattern of their route, method and class of status', async () => {
  const count = (labels: string) => metric(`parley_http_request_seconds_count{${labels}}`)
  for (let n = 0; n < 3; n++) await send(`${n}`)
  expect(await anna.outcome(getChat, { params: { id: id + 1 } })).toBe('404 not_found')
  expect(await anna.outcome(getChat, { params: { id } })).toBe('200')
  await until(async () => {
    const sent = await count('method="POST",route="/api/chats/:id/messages",status="2xx"')
    const hidden = await count('method="GET",route="/api/chats/:id",status="4xx"')
    return sent === 3 && hidden === 1
  })
  expect(await count('method="GET",route="/api/chats/:id",status="2xx"')).toBe(1)
})

test('what leads nowhere is one series, however many URLs and methods are tried', async () => {
  for (const path of ['/nowhere', '/api/else', `/api/chats/${id}/nothing`])
    for (const method of ['GET', 'POST', 'PATCH']) await fetch(server.url + path, { method })
  const nowhere = 'parley_http_request_seconds_count{method="any",route="none",status="4xx"}'
  await until(async () => (await metric(nowhere)) === 9)
  const text = await metrics()
  expect(text).not.toContain('nowhere')
  // Neither of people nor of chats.
  for (const number of [id, anna.id]) expect(text).not.toContain(String(number))
})

test('the grouped writers count their statements, and the keys that others keep locked', async () => {
  const items = 'parley_writer_items_sum{writer="messages"}'
  const before = await metric(items)
  await Promise.all(Array.from({ length: 20 }, (_, n) => send(`${n}`)))
  expect((await metric(items)) - before).toBe(20)
  await anna.call(moveReadMarker, { params: { id }, body: { seq: 1 } })
  expect(await metric('parley_writer_items_count{writer="read_markers"}')).toBe(1)
  expect(await metric('parley_writer_wait_seconds_count{writer="messages"}')).toBeGreaterThan(0)

  const locked = 'parley_writer_locked_keys{writer="messages"}'
  expect(await metric(locked)).toBe(0)
  const release = await server.hold(id)
  const waiting = send('patience')
  await until(async () => (await metric(locked)) === 1)
  await release()
  expect(await waiting).toBe('201')
  await until(async () => (await metric(locked)) === 0)
})

test('passwords that wait, the pool and the age of the revocations are shown', async () => {
  const tries = Array.from({ length: 30 }, () =>
    server.nobody.outcome(signIn, {
      body: { email: 'nobody@example.org', password: 'x'.repeat(12) },
    }),
  )
  await until(async () => (await metric('parley_passwords_waiting')) > 0)
  await Promise.all(tries)
  expect(await metric('parley_passwords_waiting')).toBe(0)
  expect(await metric('parley_pool_connections{state="idle"}')).toBeGreaterThan(0)
  expect(await metric('parley_pool_waiting')).toBe(0)
  expect(await metric('parley_revocations_age_seconds')).toBeLessThan(5)
})
