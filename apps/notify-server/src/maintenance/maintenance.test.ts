import { until } from '@parley/core/testing/until'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { World } from '../fixtures/world.ts'

let world: World
beforeEach(async () => {
  world = await World.create()
})
afterEach(() => world.end())

const partitions = async (): Promise<string[]> =>
  (
    await world.query<{ name: string }>(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = 'event_log'::regclass order by 1`,
    )
  ).map(({ name }) => name)

const nameOf = async (daysAgo: number): Promise<string> =>
  (
    await world.query<{ name: string }>(
      `select 'event_log_' || to_char((now() - $1 * interval '1 day') at time zone 'UTC', 'YYYY_MM_DD') as name`,
      [daysAgo],
    )
  )[0]?.name ?? ''

test('days past the retention are dropped, late rows go to their day, and the days ahead are made', async () => {
  const ann = await world.person()
  for (const daysAgo of [9, 5]) {
    await world.query(
      `insert into event_log (topic_id, seq, kind, body, at)
       values ($1, 1, 'UserUpdated', '{}', now() - $2 * interval '1 day')`,
      [ann.id, daysAgo],
    )
  }
  const [old] = await world.query<{ xid: string }>(
    'select min(xid)::text as xid from event_log_default',
  )
  // Two at once, as when several servers start together.
  await Promise.all([world.server(), world.server()])
  const [past, kept, ahead] = [await nameOf(9), await nameOf(5), await nameOf(-3)]
  await until(async () => {
    const names = await partitions()
    return names.includes(kept) && names.includes(ahead) && !names.includes(past)
  })
  expect(await world.id('select count(*) as id from event_log_default')).toBe(0)
  expect(
    await world.id('select count(*) as id from event_log where seq = 1 and topic_id = $1', [
      ann.id,
    ]),
  ).toBe(1)
  expect(await world.id('select dropped_through::text as id from log_meta')).toBe(Number(old?.xid))
})

test('what deleted chats held goes from the messages and from the log; that they are gone stays', async () => {
  const ann = await world.person()
  const [gone, stays] = [await world.group([ann]), await world.group([ann])]
  for (const chat of [gone, stays]) {
    const id = await world.send(chat, ann, 'a secret')
    await world.query(`update messages set content = 'another secret' where id = $1`, [id])
  }
  await world.query('delete from chats where id = $1', [gone])
  await world.server()
  await until(async () => (await world.id('select count(*) as id from messages')) === 1)
  expect(await world.id('select count(*) as id from messages where chat_id = $1', [stays])).toBe(1)
  const kinds = async (chat: number) =>
    (
      await world.query<{ kind: string }>(
        'select kind from event_log where topic_id = $1 order by seq',
        [chat],
      )
    ).map(({ kind }) => kind)
  expect(await kinds(gone)).toEqual(['MemberJoined', 'ChatDeleted'])
  expect(await kinds(stays)).toEqual(['MemberJoined', 'NewMessage', 'MessageUpdated'])
})
