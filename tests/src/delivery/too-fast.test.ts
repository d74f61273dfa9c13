import { afterAll, beforeAll, expect, test } from 'vitest'
import { signUp } from '../stack/people.ts'
import { type Stack, startStack } from '../stack/servers.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack({ notify: 0 }, { PARLEY_RATE_LIMITS: 'on' })
})
afterAll(() => stack.stop())

test('DO-04: a client that sends too fast waits as it is told, and every message arrives once', async () => {
  const client = stack.client()
  await signUp(client, 'ada', 'Acme')
  const [chat] = (await client.listChats({ query: {} })).chats
  const id = chat?.id ?? 0
  const contents = Array.from({ length: 80 }, (_, n) => `message ${n}`)
  const began = performance.now()
  const sent = await Promise.all(
    contents.map((content) => client.sendMessage({ params: { id }, body: { content } })),
  )
  // Sixty at once, five a second after that.
  expect(performance.now() - began).toBeGreaterThan(2_000)
  expect(new Set(sent.map(({ seq }) => seq)).size).toBe(contents.length)
  expect(new Set(sent.map(({ content }) => content))).toEqual(new Set(contents))
}, 60_000)
