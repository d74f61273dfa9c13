import { until } from '@parley/core/testing/until'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type TestStream, openStream } from './fixtures/sse.ts'
import { hold } from './fixtures/watched.ts'
import { World } from './fixtures/world.ts'

let world: World

beforeEach(async () => {
  world = await World.create()
})
afterEach(async () => {
  vi.useRealTimers()
  await world.end()
})

/** The clock of the day runs a hundred times faster for whoever waits for the condition. */
async function hurry(condition: () => unknown): Promise<void> {
  const [from, since] = [Date.now(), performance.now()]
  vi.useFakeTimers({ toFake: ['Date'] })
  await until(() => {
    vi.setSystemTime(from + (performance.now() - since) * 100)
    return condition()
  })
}

test('a stream that waits long for its turn begins, so that its client does not give up, and goes on', async () => {
  const url = await world.server()
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
