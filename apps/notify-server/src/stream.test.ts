import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '@parley/core/testing/until'
import { openStream } from './fixtures/sse.ts'
import { World } from './fixtures/world.ts'

let world: World
let url: string

beforeAll(async () => {
  world = await World.create()
  url = await world.server()
})
afterAll(() => world.end())

test('a row inserted by hand reaches those who may see it and nobody else', async () => {
  const [ann, ben, eve] = [await world.person(), await world.person(), await world.person()]
  const chat = await world.group([ann, ben])
  const streams = await Promise.all(
    [ann, ben, eve].map(async ({ token }) => (await openStream(url, { token })).ready()),
  )
  await world.send(chat, ann, 'hello')
  await until(() => streams.slice(0, 2).every((stream) => stream.contents().includes('hello')))
  // A later event on Eve's own topic comes after all that she could have got.
  await world.group([eve])
  await until(() => streams[2]?.kinds().includes('NewChat'))
  expect(streams[2]?.contents()).toEqual([])
  expect(streams[0]?.events.at(-1)?.data).toMatchObject({
    topic: `chat:${chat}`,
    kind: 'NewMessage',
    actor_id: ann.id,
    message: { content: 'hello', chat_id: chat, sender_id: ann.id },
  })
})
