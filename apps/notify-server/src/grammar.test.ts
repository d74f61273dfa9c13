import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestStream, openStream } from './fixtures/sse.ts'
import { type Person, World } from './fixtures/world.ts'

let world: World
let url: string
let ann: Person
let chat: number

beforeAll(async () => {
  world = await World.create()
  url = await world.server()
  ann = await world.person()
  chat = await world.group([ann])
})
afterAll(() => world.end())

const id = String.raw`(?:id: [\w-]+\.\d+\n)`
/** Of a line; a dot would stop at ends of lines that this format does not know. */
const rest = String.raw`[^\r\n]*`
const event = String.raw`${id}?event: [A-Z]\w+\ndata: \{"topic":"(?:chat|user|workspace):\d+","seq":\d+,${rest}\}\n\n`
const signal = String.raw`${id}?event: (?:ready|resync|reauth|bye)\ndata: \{(?!${rest}"topic":)${rest}\}\n\n`
const ephemeral = String.raw`event: [A-Z]\w+\ndata: \{"kind":(?!${rest}"(?:topic|seq)":)${rest}\}\n\n`
const heartbeat = String.raw`:\n${id}?\n`
/** As docs/protocol.md has it. */
const stream = new RegExp(
  String.raw`^: connected\nretry: \d+\n\n(?:${event}|${ephemeral}|${signal}|${heartbeat})*$`,
)

const open = async (cursor?: string): Promise<TestStream> =>
  (await openStream(url, { token: ann.token, ...(cursor === undefined ? {} : { cursor }) })).ready()

test('a stream has the form that the protocol describes, from its first line to its last', async () => {
  // Else the chat's beginning would be replayed, too.
  await world.settled()
  const { lastId } = await open()
  // Whatever people write stays inside its line.
  const text = 'a\nb\r\n\nevent: bye\rdata: {}\u2028\u2029\u0085 "topic":'
  await world.send(chat, ann, text)
  const [replayed, sentAway] = [await open(lastId), await open('elsewhere.1')]
  await world.send(chat, ann, text)
  const streams = [replayed, sentAway]
  await until(() => streams.every((one) => one.contents().length > 0))
  await until(() => streams.some(({ text }) => text.includes(':\nid: ')), {
    what: 'a heartbeat',
    timeoutMs: 20_000,
  })
  await world.query('update sessions set revoked_at = now() where id = $1', [ann.sessionId])
  await until(() => streams.every(({ ended }) => ended))
  for (const one of streams) expect(one.text).toMatch(stream)
  expect(replayed.contents()).toEqual([text, text])
  expect(replayed.text).toMatch(/event: bye\ndata: \{"reason":"session_revoked"\}\n\n$/)
  expect(sentAway.text).toContain('event: resync\ndata: {"reason":"epoch"}\n\n')
  // Replayed events say nothing of the cursor; `ready` does.
  expect(replayed.text).toMatch(/^: connected\nretry: \d+\n\nevent: NewMessage\n/)
  expect(replayed.text).toMatch(/\n\nid: [\w-]+\.\d+\nevent: ready\n/)
})
