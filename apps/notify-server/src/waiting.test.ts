import { until } from '@parley/core/testing/until'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestStream, openStream } from './fixtures/sse.ts'
import { hold } from './fixtures/watched.ts'
import { World } from './fixtures/world.ts'

let world: World

beforeEach(async () => {
  world = await World.create()
})
afterEach(async () => {
  await world.end()
})

/** How much later the server takes it to be, in milliseconds. */
let ahead = 0

/** The server grows older a hundred times faster until the condition holds. */
async function hurry(condition: () => unknown): Promise<void> {
  const since = performance.now()
  await until(() => {
    ahead = (performance.now() - since) * 99
    return condition()
  })
}

test('a stream that waits long for its turn begins, so that its client does not give up, and goes on', async () => {
  const url = await world.server({ uptime: () => performance.now() + ahead })
  const ann = await world.person()
  const release = await hold(world, 'sessions')
  let stream: TestStream | undefined
  const opening = openStream(url, { token: ann.token }).then((opened) => (stream = opened))
  await hurry(() => stream)
  expect(stream?.status).toBe(200)
  expect(stream?.has('ready')).toBe(false)
  await release()
  expect((await (await opening).ready()).has('ready')).toBe(true)
})
