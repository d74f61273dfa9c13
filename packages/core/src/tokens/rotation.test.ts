import { afterAll, beforeAll, expect, test } from 'vitest'
import { machineClock } from '../clock.ts'
import { type Pool, createPool } from '../db/pool.ts'
import { type Statement, sql } from '../db/sql.ts'
import { type TestDatabase, createTestDatabase } from '../testing/database.ts'
import { until } from '../testing/until.ts'
import { issueToken } from './issue.ts'
import { createKeySet } from './key-set.ts'
import { createSigner, signingKey } from './keys.ts'
import { dropKeys, keepKeys, rotateKeys } from './rotation.ts'
import { createVerifier } from './verify.ts'

const masterKey = Buffer.alloc(32, 1)
let database: TestDatabase
let pool: Pool
beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool({ url: database.url, max: 12, name: 'test' })
  await signingKey(pool, masterKey)
})
afterAll(async () => {
  await pool.close()
  await database.drop()
})

const states = async () =>
  (
    await pool.rows(sql<{ state: 'active' | 'next' | 'retired'; sealed: boolean }>`
      select state, private_enc is not null as sealed from signing_keys order by state`)
  ).map(({ state, sealed }) => (sealed ? `${state}, sealed` : state))

const verifier = () => createVerifier(createKeySet(pool), machineClock, 'http://parley.test', 'api')
const token = async (key = signingKey(pool, masterKey)) =>
  issueToken(await key, 'http://parley.test', 1, 1, machineClock)

/** Nobody writes a key until all of them wait for something. */
async function atOnce<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  let working: Promise<T>[] = []
  await pool.transaction(async (db) => {
    await db.run({ name: '', text: 'lock table signing_keys in share mode', values: [] })
    working = Array.from({ length: count }, work)
    await until(async () => {
      const { waiting } = await pool.one(sql<{ waiting: number }>`
        select coalesce(count(*), 0) as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`)
      return waiting === count
    })
  })
  return Promise.all(working)
}

test('AU-05: of many who find a key due at the same moment one rotates, and the private part of the old one is gone', async () => {
  expect(await keepKeys(pool, masterKey, 60)).toMatchObject({ did: 'wait' })
  expect(await states()).toEqual(['active, sealed', 'next, sealed'])
  await pool.run(sql`
    update signing_keys set created_at = now() - interval '60 days',
      active_since = case state when 'active' then now() - interval '60 days' end`)
  const outcomes = await atOnce(10, () => keepKeys(pool, masterKey, 60))
  expect(outcomes.map(({ did }) => did).toSorted()).toEqual([
    'rotate',
    ...Array<string>(9).fill('wait'),
  ])
  expect(await states()).toEqual(['active, sealed', 'next, sealed', 'retired'])
})

test('a rotation by hand says how long the next key has to be published first', async () => {
  expect(await rotateKeys(pool, masterKey, 0)).toMatchObject({ did: 'rotate' })
  const outcome = await rotateKeys(pool, masterKey, 600)
  expect(outcome).toMatchObject({ did: 'wait' })
  const seconds = outcome.did === 'wait' ? outcome.seconds : 0
  expect(seconds).toBeGreaterThan(590)
  expect(seconds).toBeLessThanOrEqual(600)
})

test('nobody rotates with another master key: what it made could not be opened', async () => {
  const foreign = Buffer.alloc(32, 2)
  const before = await states()
  for (const attempt of [
    () => rotateKeys(pool, foreign, 0),
    () => keepKeys(pool, foreign, 60),
    () => dropKeys(pool, foreign),
    () => signingKey(pool, foreign),
  ])
    await expect(attempt()).rejects.toThrow('another master key')
  expect(await states()).toEqual(before)
})

test('who signs follows the database with each token', async () => {
  const signer = createSigner(pool, masterKey)
  const first = await signer()
  expect(await signer()).toBe(first)
  const rotated = await rotateKeys(pool, masterKey, 0)
  expect(rotated).toMatchObject({ retired: first.kid })
  expect(await signer()).toMatchObject({ kid: rotated.did === 'rotate' && rotated.kid })
})

test('AU-05: where nobody follows the keys, a token that was verified before is refused five seconds after its key was dropped', async () => {
  const old = await token()
  const { verify } = verifier()
  expect(await verify(old)).toMatchObject({ userId: 1 })
  const kid = await dropKeys(pool, masterKey)
  const droppedAt = performance.now()
  // A key that is not known yet is asked for at once.
  expect(await verifier().verify(await token())).toMatchObject({ kid })
  await until(async () => (await verify(old)) === undefined)
  expect(performance.now() - droppedAt).toBeLessThan(5_000)
  expect(await verify(await token())).toMatchObject({ kid })
})

test('an unknown key makes the keys be read once in ten seconds, however many ask', async () => {
  let reads = 0
  const rows = async <Row>(statement: Statement<Row>): Promise<Row[]> => {
    reads++
    return pool.rows(statement)
  }
  const keys = createKeySet({ ...pool, rows })
  expect(await keys.find('a')).toBe(undefined)
  const before = reads
  for (const kid of ['b', 'c', 'd']) expect(await keys.find(kid)).toBe(undefined)
  expect(before).toBe(2)
  expect(reads).toBe(2)
})
