import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '@parley/core/testing/until'
import { openStream } from './fixtures/sse.ts'
import { type Person, World } from './fixtures/world.ts'

let world: World
let url: string
let ann: Person
let ben: Person
let chat: number

beforeEach(async () => {
  world = await World.create()
  url = await world.server()
  ann = await world.person()
  ben = await world.person()
  chat = await world.group([ann, ben])
})
afterEach(() => world.end())

/** More than the system's own buffers take, in messages of 30,000 characters that do not compress. */
const flood = (messages: number): Promise<unknown> =>
  world.query(
    `insert into messages (chat_id, sender_id, content)
     select $1, $2, repeat(md5(n::text), 900) from generate_series(1, $3) n`,
    [chat, ann.id, messages],
  )

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, n) => from + n)

test('a reader who stopped gets all of it when it reads again, and nobody waits for it', async () => {
  const slow = await (await openStream(url, { token: ben.token })).ready()
  const quick = await (await openStream(url, { token: ann.token })).ready()
  slow.response.pause()
  let sent = 1
  // Small steps: each stays below what a replay may bring.
  for (let n = 0; n < 20; n++) {
    await flood(20)
    sent += 20
    await until(() => quick.seqs(`chat:${chat}`).at(-1) === sent, { what: 'the quick reader' })
  }
  slow.response.resume()
  await until(() => slow.seqs(`chat:${chat}`).at(-1) === sent || slow.has('resync'), {
    what: 'the slow reader',
  })
  // Either it got all, or it was told that it did not: it was away for more than a replay brings.
  const got = [...new Set(slow.seqs(`chat:${chat}`))]
  expect(slow.has('resync') ? range(2, sent) : got).toEqual(range(2, sent))
  await world.send(chat, ann, 'live again')
  await until(() => slow.contents().includes('live again'))
}, 60_000)

test('DO-03: a reader who never reads again is cut off, and little is kept for it till then', async () => {
  const small = await world.server({ maxStreams: 1 })
  const slow = await (await openStream(small, { token: ben.token })).ready()
  slow.response.pause()
  const before = process.memoryUsage().arrayBuffers
  for (let n = 0; n < 30; n++) await flood(100)
  // 86 MB went by; of the collector's work some may be left.
  await until(() => process.memoryUsage().arrayBuffers - before < 20 * 1024 * 1024, {
    timeoutMs: 30_000,
  })
  expect((await openStream(small, { token: ann.token })).status).toBe(503)
  // Once it is cut off there is room for another. More goes by meanwhile: on a busy machine it was only
  // told that it missed too much, and what it was given found room in the system's own buffers.
  const cut = async () => {
    await flood(2)
    return (await openStream(small, { token: ann.token })).status === 200
  }
  await until(cut, { timeoutMs: 60_000, what: 'the cut' })
}, 120_000)
