import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { follow, signUp } from '../stack/people.ts'
import { type Stack, startStack } from '../stack/servers.ts'
import { activeKid, call, everywhere, kidOf, parley, person, refresh, ticketFor } from './kit.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack({ chat: 2, notify: 2 }, { PARLEY_RATE_LIMITS: 'off' })
})
afterAll(() => stack.stop())

/** A stream that stays open; `text` is what it has said, `ended` whether it is over. */
async function listen(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers })
  const heard = { status: response.status, text: '', ended: false }
  void (async () => {
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read())
      heard.text += read.value
    heard.ended = true
  })().catch(() => (heard.ended = true))
  await until(() => heard.text.includes('event: ready') || heard.ended)
  return heard
}

test('AU-05: of keys that somebody else may have, no token, ticket or stream is left within a second, and nobody is signed out', async () => {
  const client = stack.client()
  await signUp(client, 'ann')
  const ann = await follow(client)
  const bob = await person(stack, 'bob')
  const { chatUrls, eventsUrls } = stack
  const [chatUrl = '', otherChatUrl = ''] = chatUrls
  const [eventsUrl = '', otherEventsUrl = ''] = eventsUrls
  const stolen = bob.token
  expect(await everywhere(stack, stolen)).toEqual([200, 200, 200, 200])
  const streams = [
    await listen(eventsUrl, { authorization: `Bearer ${stolen}` }),
    await listen(`${otherEventsUrl}?ticket=${await ticketFor(chatUrl, stolen)}`),
  ]
  expect(streams).toMatchObject([{ ended: false }, { ended: false }])
  const ticket = await ticketFor(chatUrl, stolen)

  const before = await activeKid(stack)
  const command = parley(stack, 'keys rotate --now --compromised')
  await until(async () => (await activeKid(stack)) !== before, { timeoutMs: 20_000 })
  const droppedAt = performance.now()
  // A new token is good on servers that have not heard of its key yet.
  await refresh(otherChatUrl, bob)
  expect(kidOf(bob.token)).toBe(await activeKid(stack))
  expect(await everywhere(stack, bob.token)).toEqual([200, 200, 200, 200])
  await until(async () => (await everywhere(stack, stolen)).every((status) => status === 401))
  await until(() => streams.every(({ ended }) => ended))
  expect(performance.now() - droppedAt).toBeLessThan(1_000)
  for (const { text } of streams) expect(text).toContain('"reason":"token_expired"')
  expect((await listen(`${eventsUrl}?ticket=${ticket}`)).status).toBe(401)
  expect(await command).toMatchObject({ code: 0, stderr: '' })

  // A client goes on by itself, and misses nothing.
  await client.updateMe({ body: { username: 'anna' } })
  await until(() => ann.events.some(({ kind }) => kind === 'UserUpdated'))
  await until(() => ann.stream.state().state === 'live')
  expect(ann.resyncs).toEqual([])
  expect(kidOf(client.tokens().token ?? '')).toBe(await activeKid(stack))
  expect(await call(chatUrl, client.tokens().token ?? '')).toBe(200)
  ann.stream.close()
}, 60_000)
