import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { until } from '@parley/core/testing/until'
import { type TestStream, openStream } from '../fixtures/sse.ts'
import { type Person, World } from '../fixtures/world.ts'

let world: World
let url: string
let skipped = 0
let ann: Person
let ben: Person
let cat: Person
let chat: number

beforeAll(async () => {
  world = await World.create()
  url = await world.server({ uptime: () => performance.now() + skipped })
})
beforeEach(async () => {
  ann = await world.person()
  ben = await world.person()
  cat = await world.person()
  chat = await world.group([ann, ben, cat])
})
afterAll(() => world.end())

const open = async ({ token }: Person): Promise<TestStream> =>
  (await openStream(url, { token })).ready()

const types = (who: Person, chat_id = chat) =>
  ({ kind: 'typing', chat_id, user_id: who.id }) as const

test('the others in the chat see who writes, at once, without a seq and without a cursor', async () => {
  const [toBen, toCat, toAnn] = await Promise.all([ben, cat, ann].map(open))
  const stranger = await open(await world.person())
  await world.say(types(ann))
  await until(() => toBen?.typists(chat).length && toCat?.typists(chat).length)
  expect(toBen?.ephemerals.find(({ kind }) => kind === 'Typing')?.data).toEqual({
    kind: 'Typing',
    chat_id: chat,
    user_id: ann.id,
    expires_in_seconds: 6,
  })
  expect(toBen?.text).toMatch(/\n\nevent: Typing\ndata: \{"kind":"Typing",[^\n]*\}\n\n/)
  // What was said before has come to all whom it concerns when this has.
  await world.say(types(ben))
  await until(() => toAnn?.typists(chat).length)
  expect(toAnn?.typists(chat)).toEqual([ben.id])
  expect(toBen?.typists(chat)).toEqual([ann.id])
  expect(stranger.typists(chat)).toEqual([])
})

test('of the same person in the same chat it is told once in three seconds', async () => {
  const other = await world.group([ann, ben])
  const toBen = await open(ben)
  await world.say(types(ann))
  await world.say(types(ann))
  await world.say(types(ann, other))
  await until(() => toBen.typists(other).length === 1)
  expect(toBen.typists(chat)).toEqual([ann.id])
  skipped += 3000
  await world.say(types(ann))
  await until(() => toBen.typists(chat).length === 2)
})

test('whoever was shown out before it was said does not hear it', async () => {
  const [toBen, toCat] = await Promise.all([ben, cat].map(open))
  const other = await world.group([ann, ben])
  // In one transaction, so that the server may hear of both in either order.
  const client = await world.pool.connect()
  await client.query('begin')
  await client.query(`select pg_notify('ephemeral', $1)`, [JSON.stringify(types(ann))])
  await client.query('delete from chat_members where chat_id = $1 and user_id = $2', [chat, ben.id])
  await client.query('commit')
  client.release()
  await until(() => toCat?.typists(chat).length)
  await world.say(types(ann, other))
  await until(() => toBen?.typists(other).length)
  expect(toBen?.typists(chat)).toEqual([])
  await world.join(chat, [ben])
  skipped += 3000
  await world.say(types(ann))
  await until(() => toBen?.typists(chat).length)
})

test('whoever was signed out before it was said does not hear it', async () => {
  const [toBen, toCat] = await Promise.all([ben, cat].map(open))
  const client = await world.pool.connect()
  await client.query('begin')
  await client.query(`select pg_notify('ephemeral', $1)`, [JSON.stringify(types(ann))])
  await client.query('update sessions set revoked_at = now() where id = $1', [ben.sessionId])
  await client.query('commit')
  client.release()
  await until(() => toBen?.ended && toCat?.typists(chat).length)
  expect(toBen?.typists(chat)).toEqual([])
})

test('what is no note is passed over', async () => {
  const toBen = await open(ben)
  for (const text of [
    '',
    'x',
    '{}',
    '[]',
    'null',
    '{"kind":"typing"}',
    `{"kind":"typing","chat_id":${chat},"user_id":"1"}`,
    `{"kind":"typing","chat_id":${chat},"user_id":1.5}`,
    `{"kind":"typing","chat_id":${chat},"user_id":1,"text":"x"}`,
    `{"kind":"people","server":"a\\nb","n":1,"lease_ms":1,"online":[],"away":[],"gone":[]}`,
    '{"kind":"later"}',
  ])
    await world.query(`select pg_notify('ephemeral', $1)`, [text])
  await world.say(types(ann))
  await until(() => toBen.typists(chat).length)
  expect(toBen.typists(chat)).toEqual([ann.id])
})
