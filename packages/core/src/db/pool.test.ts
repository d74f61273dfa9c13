import { afterAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { type BlackHole, startBlackHole } from '../testing/black-hole.ts'
import { type TestDatabase, createTestDatabase } from '../testing/database.ts'
import { until } from '../testing/until.ts'
import { type Pool, createPool } from './pool.ts'
import type { Statement } from './sql.ts'

const database: TestDatabase = await createTestDatabase()
afterAll(() => database.drop())

let hole: BlackHole
let pool: Pool

beforeEach(async () => {
  hole = await startBlackHole(database.url)
  pool = createPool({ url: hole.url, max: 4, name: 'test', statementTimeoutMs: 500 })
  onTestFinished(async () => {
    await pool.close()
    await hole.stop()
  })
})

const text = <Row>(words: string): Statement<Row> => ({ name: '', text: words, values: [] })
const ask = () => pool.one(text<{ pid: number | null }>('select pg_backend_pid() as pid'))
const askAll = () => Promise.all([ask(), ask(), ask(), ask()])
const outcomes = async () =>
  (await Promise.allSettled([ask(), ask(), ask(), ask()])).map(({ status }) => status)

test('a statement that the database refuses leaves its connection in use', async () => {
  const { pid } = await ask()
  await expect(pool.run(text('select 1 / 0'))).rejects.toThrow('division by zero')
  await expect(
    pool.transaction(async (db) => {
      await db.run(text('select 1 / 0'))
    }),
  ).rejects.toThrow('division by zero')
  const mine = new Error('mine')
  await expect(pool.transaction(() => Promise.reject(mine))).rejects.toBe(mine)
  expect(await ask()).toEqual({ pid })
})

test('a statement into nothing ends, and so does a transaction in the middle', async () => {
  await ask()
  const since = performance.now()
  const inside = pool.transaction(async (db) => {
    await db.run(text('select 1'))
    hole.swallow()
    await db.run(text('select 2'))
  })
  await expect(inside).rejects.toThrow('Query read timeout')
  expect(performance.now() - since).toBeLessThan(2_500)
  // Without any connection it is the wait for one that ends.
  await expect(ask()).rejects.toThrow(/terminated|timeout/)
  expect(performance.now() - since).toBeLessThan(6_500)
})

test('of connections that all went dead at once, one statement finds out for all', async () => {
  await askAll()
  hole.swallow()
  hole.heal('stays dead')
  await expect(ask()).rejects.toThrow('Query read timeout')
  const since = performance.now()
  expect(await outcomes()).toEqual(Array(4).fill('fulfilled'))
  expect(performance.now() - since).toBeLessThan(1_000)
})

test('what went on after all is used again, and dead connections do not stay open', async () => {
  await askAll()
  hole.swallow()
  expect(await outcomes()).toEqual(Array(4).fill('rejected'))
  hole.heal('goes on')
  await until(async () => (await outcomes()).every((status) => status === 'fulfilled'))
  await until(() => hole.connections() <= 4, { what: 'the dead connections to be closed' })
})

test('a pool whose connections are dead closes', async () => {
  await askAll()
  hole.swallow()
  const since = performance.now()
  await pool.close()
  expect(performance.now() - since).toBeLessThan(1_000)
  pool = createPool({ url: database.url, max: 1, name: 'test' })
})

test('a transaction that does nothing for longer than a statement may take lets its locks go', async () => {
  const outcome = pool.transaction(async (db) => {
    await db.run(text('select pg_advisory_xact_lock(1)'))
    // Asked by others, until they get it.
    await until(
      async () =>
        (await pool.one(text<{ free: boolean | null }>('select pg_try_advisory_lock(1) as free')))
          .free,
    )
  })
  await expect(outcome).rejects.toThrow(/idle-in-transaction|not queryable/)
})
