import { until } from '@parley/core/testing/until'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStream } from './fixtures/sse.ts'
import { type Person, World } from './fixtures/world.ts'

let world: World
let ann: Person
let chat: number

beforeEach(async () => {
  world = await World.create()
  ann = await world.person()
  chat = await world.group([ann])
})
afterEach(() => world.end())

const notified = (stream: { signals: { kind: string; data: object }[] }) =>
  stream.signals.filter(({ kind }) => kind === 'resync').map(({ data }) => data)

test('a dump restored in another cluster resumes no cursor, and every event after it arrives', async () => {
  const first = await world.server()
  const before = await (await openStream(first, { token: ann.token })).ready()
  await world.send(chat, ann, 'before')
  await until(() => before.contents().includes('before'))
  const cursor = before.lastId
  before.close()
  // As it looks from a cluster that is younger than the one the dump was taken of.
  await world.query(`update event_log set xid = '900000000000'`)
  await world.query(`update log_meta set system_identifier = '1'`)

  const url = await world.server()
  const stream = await (await openStream(url, { token: ann.token, cursor })).ready()
  expect(notified(stream)).toEqual([{ reason: 'epoch' }])
  for (let n = 0; n < 5; n++) await world.send(chat, ann, `after ${n}`)
  await until(() => stream.contents().includes('after 4'))
  expect(stream.contents()).toEqual(['after 0', 'after 1', 'after 2', 'after 3', 'after 4'])
  // What it was told then is a place to go on from.
  const again = await (await openStream(url, { token: ann.token, cursor: stream.lastId })).ready()
  await world.send(chat, ann, 'last')
  await until(() => again.contents().includes('last'))
  expect(notified(again)).toEqual([])
  // A client of that server that ran through it all is told as well.
  const old = await openStream(first, { token: ann.token, cursor })
  await until(() => notified(old).length > 0)
})

test('a database that was set back without a trace gets a new epoch from the server that saw more', async () => {
  const url = await world.server()
  const stream = await (await openStream(url, { token: ann.token })).ready()
  await world.send(chat, ann, 'seen')
  await until(() => stream.contents().includes('seen'))
  const [epoch] = await world.query<{ epoch: string }>('select epoch from log_meta')
  // The log claims more than the server has come to: the same as a server that has come to less.
  await world.query(
    `update event_log set xid = (pg_current_xact_id()::text::bigint + 1000)::text::xid8`,
  )
  await world.send(chat, ann, 'far ahead')
  await until(() => stream.contents().length > 1)
  await world.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'parley tail'`,
  )
  await until(() => stream.ended)
  expect(notified(stream)).toEqual([{ reason: 'epoch' }])
  const fresh = await world.query<{ epoch: string }>('select epoch from log_meta')
  expect(fresh).not.toEqual([epoch])
})
