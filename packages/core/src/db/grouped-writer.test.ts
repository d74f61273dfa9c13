import { afterAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase } from '../testing/database.ts'
import { until } from '../testing/until.ts'
import { sqlState } from './errors.ts'
import { createGroupedWriter } from './grouped-writer.ts'
import { createPool } from './pool.ts'

interface Item {
  key: number
  text: string
}

const database = await createTestDatabase()
const pool = createPool({ url: database.url, max: 10, name: 'test' })
afterAll(async () => {
  await pool.close()
  await database.drop()
})
const run = (text: string, ...values: unknown[]) => pool.run({ name: '', text, values })
await run('create table places (key integer primary key)')
await run('insert into places select generate_series(1, 100)')
await run('create table written (n serial, key integer, text text check (text <> $$bad$$))')
await run(`create function write_all(keys integer[], texts text[], timeout integer) returns void
  language plpgsql as $$
begin
  perform set_config('lock_timeout', timeout::text, true);
  perform 1 from places where key = any (keys) order by key for update;
  insert into written (key, text) select * from unnest(keys, texts);
end $$`)

let statements: Item[][] = []
beforeEach(async () => {
  statements = []
  await run('truncate written')
})

const writer = (write = async (_items: readonly Item[]): Promise<void> => undefined) =>
  createGroupedWriter<Item, string>({
    async write(items, lockTimeoutMs) {
      statements.push([...items])
      await write(items)
      await pool.run({
        name: '',
        text: 'select write_all($1, $2, $3)',
        values: [items.map(({ key }) => key), items.map(({ text }) => text), lockTimeoutMs],
      })
      return items.map(({ text }) => text)
    },
    keyOf: ({ key }) => key,
    sizeOf: ({ text }) => text.length,
  })

const written = async (key: number) =>
  (
    await pool.rows<{ text: string }>({
      name: '',
      text: 'select text from written where key = $1 order by n',
      values: [key],
    })
  ).map(({ text }) => text)

/** Keeps a key locked; returns its end. */
async function hold(key: number): Promise<() => Promise<void>> {
  const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const ended = pool.transaction(async (db) => {
    await db.run({ name: '', text: 'select from places where key = $1 for update', values: [key] })
    held.resolve()
    await release.promise
  })
  await held.promise
  return () => {
    release.resolve()
    return ended
  }
}

const numbered = (key: number, count: number, from = 0): Item[] =>
  Array.from({ length: count }, (_, n) => ({ key, text: `${from + n}` }))
const texts = (items: Item[]) => items.map(({ text }) => text)

test('what comes while a statement is under way goes together in the next one, in its order', async () => {
  const write = writer()
  const items = numbered(1, 50)
  expect(await Promise.all(items.map(write))).toEqual(texts(items))
  expect(statements.map(({ length }) => length)).toEqual([1, 49])
  expect(await written(1)).toEqual(texts(items))
})

test('a statement takes no more than its bytes allow, but always something', async () => {
  const write = writer()
  const large = (n: number) => ({ key: n, text: 'x'.repeat(700_000) })
  await Promise.all([1, 2, 3, 4].map((n) => write(large(n))))
  expect(statements.map(({ length }) => length)).toEqual([1, 1, 1, 1])
})

test('a key that somebody keeps locked holds up nobody else for long, and goes through in the end', async () => {
  const write = writer()
  const release = await hold(7)
  const locked = numbered(7, 3).map(write)
  const since = performance.now()
  for (let n = 0; n < 20; n++) {
    await Promise.all([write({ key: 8 + n, text: 'free' }), write({ key: 40 + n, text: 'free' })])
  }
  expect(performance.now() - since).toBeLessThan(1_500)
  const later = numbered(7, 3, 3).map(write)
  await release()
  expect(await Promise.all([...locked, ...later])).toEqual(['0', '1', '2', '3', '4', '5'])
  expect(await written(7)).toEqual(['0', '1', '2', '3', '4', '5'])
})

test('more locked keys than connections leave room for the others', async () => {
  const wide = createPool({ url: database.url, max: 20, name: 'test' })
  const releases = Promise.withResolvers<void>()
  let held = 0
  const holding = Array.from({ length: 14 }, (_, n) =>
    wide.transaction(async (db) => {
      await db.run({
        name: '',
        text: 'select from places where key = $1 for update',
        values: [n + 1],
      })
      held++
      await releases.promise
    }),
  )
  await until(() => held === 14)
  const write = writer()
  const locked = Array.from({ length: 14 }, (_, n) => write({ key: n + 1, text: 'locked' }))
  await write({ key: 60, text: 'first' }).catch(() => undefined)
  const since = performance.now()
  for (let n = 0; n < 10; n++) await write({ key: 50 + n, text: 'free' })
  expect(performance.now() - since).toBeLessThan(1_500)
  releases.resolve()
  await Promise.all(holding)
  expect(await Promise.all(locked)).toEqual(Array(14).fill('locked'))
  await wide.close()
})

test('the order of a key outlives the moment in which its lock goes away', async () => {
  const write = writer()
  const sent: Promise<string>[] = []
  let n = 0
  for (let round = 0; round < 6; round++) {
    const release = await hold(9)
    sent.push(...numbered(9, 5, n).map(write))
    n += 5
    await until(async () => (await blocked()) > 0)
    const releasing = release()
    // Some before, some while, some after it goes away.
    for (let k = 0; k < 10; k++) {
      sent.push(write({ key: 9, text: `${n++}` }))
      await write({ key: 10, text: 'breath' })
    }
    await releasing
  }
  const all = Array.from({ length: n }, (_, k) => `${k}`)
  expect(await Promise.all(sent)).toEqual(all)
  expect(await written(9)).toEqual(all)
})

const blocked = async () =>
  (
    await pool.one<{ count: number }>({
      name: '',
      text: `select count(*) from pg_stat_activity
               where datname = current_database() and wait_event_type = 'Lock'`,
      values: [],
    })
  ).count

test('what stays locked for too long is refused as a lock, and what comes later goes through', async () => {
  const write = writer()
  const release = await hold(11)
  await expect(write({ key: 11, text: 'early' })).rejects.toMatchObject({ code: '55P03' })
  await release()
  expect(await write({ key: 11, text: 'late' })).toBe('late')
  expect(await written(11)).toEqual(['late'])
})

test('one bad item never fails its neighbours', async () => {
  const write = writer()
  const items = ['good', 'a', 'bad', 'b', 'bad', 'c'].map((text, n) => ({ key: n + 1, text }))
  const settled = await Promise.allSettled(items.map(write))
  expect(
    settled.map((one) => (one.status === 'fulfilled' ? one.value : sqlState(one.reason))),
  ).toEqual(['good', 'a', '23514', 'b', '23514', 'c'])
})

test('a deadlock is tried again', async () => {
  let failures = 2
  const write = writer(async () => {
    if (failures-- > 0) await run(`do $$ begin raise exception using errcode = '40P01'; end $$`)
  })
  expect(await Promise.all(numbered(1, 3).map(write))).toEqual(['0', '1', '2'])
})

test('a database that goes away fails what is under way, and nothing that comes after', async () => {
  const write = writer(async (items) => {
    if (items.some(({ text }) => text === 'last words')) {
      await run('select pg_terminate_backend(pg_backend_pid())')
    }
  })
  const settled = await Promise.allSettled([
    write({ key: 1, text: 'last words' }),
    write({ key: 2, text: 'waiting' }),
  ])
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  expect(await write({ key: 3, text: 'afterwards' })).toBe('afterwards')
})

test('whoever waited long behind a statement that failed is refused with it, and not made to wait again', async () => {
  const write = writer(async (items) => {
    if (items.some(({ text }) => text === 'lost')) {
      await run('select pg_sleep(5.2)').catch(() => undefined)
      await run(`do $$ begin raise exception using errcode = '57014'; end $$`)
    }
  })
  const since = performance.now()
  const lost = write({ key: 1, text: 'lost' })
  const behind = write({ key: 2, text: 'behind' })
  await until(() => performance.now() - since > 1_000)
  const later = write({ key: 3, text: 'later' })
  await expect(lost).rejects.toMatchObject({ code: '57014' })
  await expect(behind).rejects.toMatchObject({ code: '57014' })
  expect(await later).toBe('later')
  expect(await written(2)).toEqual([])
})
