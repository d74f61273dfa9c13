import pg from 'pg'
import { createClock } from '@parley/core/clock'
import { createLog } from '@parley/core/log'
import { createMetrics } from '@parley/core/metrics/metrics'
import { until } from '@parley/core/testing/until'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fields } from './body.ts'
import { World } from './fixtures/world.ts'
import type { LogRow } from './log-row.ts'
import { type Tail, createTail } from './tail.ts'

let world: World
let tail: Tail
let read: (LogRow & { readAt: number })[]
let lost: number

beforeEach(async () => {
  world = await World.create(60)
  read = []
  lost = 0
  tail = createTail({
    databaseUrl: world.database.url,
    clock: createClock(),
    log: createLog('test', 'silent'),
    metrics: createMetrics(),
    // Small, so that rounds of several pages are what is tested.
    pageSize: 50,
    listener: {
      began: () => undefined,
      completed: () => undefined,
      lost: () => lost++,
      deliver: async ({ rows }) => {
        for (const row of rows) read.push({ ...row, readAt: performance.now() })
      },
    },
  })
  await tail.start()
})

afterEach(async () => {
  await tail.stop()
  await world.end()
})

/** Makes chats of one person by SQL and returns their ids. */
async function chats(count: number): Promise<{ user: number; ids: number[] }> {
  const person = await world.person()
  const ids = []
  for (let n = 0; n < count; n++) ids.push(await world.group([person]))
  return { user: person.id, ids }
}

async function writer(user: number, ids: readonly number[], transactions: number): Promise<void> {
  const client = await world.pool.connect()
  try {
    for (let n = 0; n < transactions; n++) {
      await client.query('begin')
      // In the order of ids, as everything that changes several chats does.
      const some = ids.filter(() => Math.random() < 2.5 / ids.length)
      for (const id of some) {
        await client.query(
          'insert into messages (chat_id, sender_id, content) values ($1, $2, $3)',
          [id, user, `${n}`],
        )
        if (Math.random() < 0.3) await client.query('select pg_sleep(random() / 200)')
      }
      await client.query(Math.random() < 0.25 ? 'rollback' : 'commit')
    }
  } finally {
    client.release()
  }
}

const content = (body: unknown): unknown => fields(fields(body)['message'])['content']

const logged = () =>
  world.query<{ id: number; topic_id: number; seq: number }>(
    'select id, topic_id, seq from event_log order by topic_id, seq',
  )

function expectOrder(): void {
  const last = new Map<number, number>()
  for (const { topic_id, seq } of read) {
    if (seq !== (last.get(topic_id) ?? 0) + 1) {
      throw new Error(`topic ${topic_id}: ${seq} came after ${last.get(topic_id)}`)
    }
    last.set(topic_id, seq)
  }
}

async function expectAllOnce(): Promise<void> {
  const rows = await logged()
  await until(() => read.length >= rows.length, { what: 'all rows' })
  await tail.caughtUp()
  expect(read.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(
    rows.map(({ id }) => id).toSorted((a, b) => a - b),
  )
  expectOrder()
}

test('48 concurrent writers that often roll back: nothing missed, nothing doubled, all in order', async () => {
  const { user, ids } = await chats(40)
  await Promise.all(Array.from({ length: 48 }, () => writer(user, ids, 20)))
  await expectAllOnce()
}, 60_000)

test('a write transaction that stays open delays nobody else', async () => {
  const { user, ids } = await chats(2)
  const idle = await world.pool.connect()
  await idle.query('begin')
  await idle.query('insert into messages (chat_id, sender_id, content) values ($1, $2, $3)', [
    ids[0],
    user,
    'late',
  ])
  const slowest = []
  for (let n = 0; n < 20; n++) {
    const before = performance.now()
    await world.send(ids[1] ?? 0, { id: user }, `${n}`)
    await until(() => read.some(({ body }) => content(body) === `${n}`))
    slowest.push(performance.now() - before)
  }
  expect(Math.max(...slowest)).toBeLessThan(1000)
  await idle.query('commit')
  idle.release()
  await expectAllOnce()
})

test('a listener whose backend is killed under load goes on where it was', async () => {
  const { user, ids } = await chats(10)
  const writing = Promise.all(Array.from({ length: 8 }, () => writer(user, ids, 60)))
  for (let n = 0; n < 5; n++) {
    const killed = await until(
      () =>
        world.query<{ pid: number }>(
          `select pid, pg_terminate_backend(pid) from pg_stat_activity
           where application_name = 'parley tail' and datname = current_database()`,
        ),
      { what: 'a listener' },
    )
    const gone = killed[0]?.pid
    await until(
      async () =>
        (
          await world.query(
            `select from pg_stat_activity where application_name = 'parley tail'
             and datname = current_database() and pid <> $1`,
            [gone],
          )
        ).length > 0,
      { what: 'another listener' },
    )
  }
  await writing
  await expectAllOnce()
  expect(lost).toBe(0)
})

test('a lost bell costs no more than the poll', async () => {
  const { user, ids } = await chats(1)
  await tail.caughtUp()
  const client = new pg.Client({ connectionString: world.database.url })
  await client.connect()
  await client.query("set parley.bell = 'off'")
  const rang = performance.now()
  await client.query('insert into messages (chat_id, sender_id, content) values ($1, $2, $3)', [
    ids[0],
    user,
    'quiet',
  ])
  const row = await until(() => read.find(({ body }) => content(body) === 'quiet'))
  expect(row.readAt - rang).toBeLessThan(600)
  await client.end()
})

test('another epoch is another past: the tail says so and goes on from now', async () => {
  const { user, ids } = await chats(1)
  await tail.caughtUp()
  await world.query("update log_meta set epoch = 'restored'")
  await until(() => lost === 1)
  await world.send(ids[0] ?? 0, { id: user }, 'after')
  await until(() => read.some(({ body }) => content(body) === 'after'))
})

/** As when all of the log were nine days old and maintenance came by. */
const dropAll = `update event_log set at = at - interval '9 days';
  select make_event_partitions(3); select drop_event_partitions(7)`

test('what leaves the log before it was read is a loss, and is told', async () => {
  const { user, ids } = await chats(1)
  await tail.caughtUp()
  await world.query(
    `begin; insert into messages (chat_id, sender_id, content) values (${ids[0]}, ${user}, 'unread');
    ${dropAll}; commit`,
  )
  await until(() => lost === 1)
  await world.send(ids[0] ?? 0, { id: user }, 'afterwards')
  await until(() => read.some(({ body }) => content(body) === 'afterwards'))
  expect(lost).toBe(1)
})

test('what leaves the log after it was read is no loss', async () => {
  const { user, ids } = await chats(1)
  await world.send(ids[0] ?? 0, { id: user }, 'read')
  await world.settled()
  await tail.caughtUp()
  await world.query(`begin; ${dropAll}; commit`)
  await world.send(ids[0] ?? 0, { id: user }, 'afterwards')
  await until(() => read.some(({ body }) => content(body) === 'afterwards'))
  expect(lost).toBe(0)
})
