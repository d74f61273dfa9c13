import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../testing/database.ts'
import { keepEpoch, startEpoch } from './epoch.ts'
import { type Pool, createPool } from './pool.ts'

let database: TestDatabase
let pool: Pool

const poolOn = (url: string): Pool => createPool({ url, max: 10, name: 'test' })

beforeEach(async () => {
  database = await createTestDatabase()
  pool = poolOn(database.url)
})
afterEach(async () => {
  await pool.close()
  await database.drop()
})

const rows = (text: string, values: unknown[] = []) => pool.rows<object>({ name: '', text, values })
const value = async (text: string): Promise<unknown> =>
  Object.values((await rows(text))[0] ?? {})[0]
const epoch = () => value('select epoch from log_meta')

/** Somebody with some events of their own. */
async function someEvents(): Promise<void> {
  const name = randomBytes(4).toString('hex')
  await rows(`insert into users (username, email, password_hash) values ($1, $1 || '@x', '')`, [
    name,
  ])
  await rows(`update users set username = username || '2'`)
}

test('the first server takes the epoch as it is, and the same database keeps it', async () => {
  const first = await epoch()
  expect(await pool.one(keepEpoch())).toEqual({ epoch: first })
  expect(await pool.one(keepEpoch())).toEqual({ epoch: first })
  expect(await value('select timeline from log_meta')).toMatch(/^[0-9A-F]{8}$/)
  expect(await value('select system_identifier from log_meta')).toMatch(/^\d+$/)
})

test('another timeline is a new epoch, once, however many servers notice at the same time', async () => {
  await pool.one(keepEpoch())
  const first = await epoch()
  await someEvents()
  const events = await value('select count(*) from event_log')
  await rows(`update log_meta set timeline = '00000000'`)
  const all = await Promise.all(Array.from({ length: 10 }, () => pool.one(keepEpoch())))
  const [one, ...others] = new Set(all.map((row) => row.epoch))
  expect(others).toEqual([])
  expect(one).not.toBe(first)
  expect(await epoch()).toBe(one)
  // Its events are those of this past too.
  expect(await value('select count(*) from event_log')).toBe(events)
})

test('a dump in another cluster is a new epoch, without the events whose xids are of the old one', async () => {
  await pool.one(keepEpoch())
  const first = await epoch()
  await someEvents()
  await rows(`update event_log set xid = '123456789012'`)
  await rows(`update log_meta set system_identifier = '1', dropped_through = '123456789000'`)
  const seqs = await rows('select id, last_seq from topics order by id')
  const { epoch: fresh } = await pool.one(keepEpoch())
  expect(fresh).not.toBe(first)
  expect(await value('select count(*) from event_log')).toBe(0)
  expect(await rows('select id, last_seq from topics order by id')).toEqual(seqs)
  expect(await value('select log_cursor()')).toBe(`${fresh}.1`)
  await someEvents()
  const [, xmin] = String(await value('select log_cursor()')).split('.')
  expect(Number(xmin)).toBeLessThan(123456789000)
})

test('a dump in the same cluster is a new epoch', async () => {
  await pool.one(keepEpoch())
  const first = await epoch()
  await someEvents()
  await pool.close()
  const copy = await createTestDatabase(new URL(database.url).pathname.slice(1))
  onTestFinished(() => copy.drop())
  pool = poolOn(copy.url)
  expect(await epoch()).toBe(first)
  await pool.one(keepEpoch())
  expect(await epoch()).not.toBe(first)
  await pool.close()
  pool = poolOn(database.url)
  await pool.one(keepEpoch())
  expect(await epoch()).toBe(first)
})

test('an epoch can be started in any case', async () => {
  const first = await epoch()
  const { epoch: fresh } = await pool.one(startEpoch())
  expect(fresh).toMatch(/^[0-9a-f]{8}$/)
  expect(fresh).not.toBe(first)
  expect(await epoch()).toBe(fresh)
})

test('whoever may not ask for the cluster keeps the epoch', async () => {
  await pool.one(keepEpoch())
  const first = await epoch()
  const role = `r${randomBytes(4).toString('hex')}`
  await rows(`create role ${role}`)
  await pool.transaction(async (db) => {
    const run = (text: string) => db.rows<object>({ name: '', text, values: [] })
    await run(`grant all on log_meta to ${role}; grant create on schema public to ${role}`)
    await run(`alter function keep_epoch() owner to ${role}`)
    await run('revoke execute on function pg_control_system() from public')
    await run(`set local role ${role}`)
    expect(await db.one(keepEpoch())).toEqual({ epoch: first })
    await run('reset role')
    await run('grant execute on function pg_control_system() to public')
    await run('alter function keep_epoch() owner to current_user')
  })
  expect(await epoch()).toBe(first)
  await rows(`drop owned by ${role}; drop role ${role}`)
})
