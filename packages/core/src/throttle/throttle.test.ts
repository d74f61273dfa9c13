import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { createPool } from '../db/pool.ts'
import { createTestDatabase } from '../testing/database.ts'
import { hasRedis, startRedisServer } from '../testing/redis-server.ts'
import { until } from '../testing/until.ts'
import { limits } from './limits.ts'
import { postgresStore } from './postgres.ts'
import { redisStore } from './redis.ts'
import { type Store, eitherOf } from './store.ts'
import { type Counted, type Throttle, startThrottle, throttleKeys } from './throttle.ts'

const database = await createTestDatabase()
const pool = createPool({ url: database.url, max: 2, name: 'test' })
const postgres = postgresStore(pool)
const masterKey = randomBytes(32)
const keyOf = throttleKeys(masterKey)
const { burst } = limits.messages

const running: Throttle[] = []
const failures: unknown[] = []
async function start(store: Store): Promise<Throttle> {
  const throttle = await startThrottle({
    store,
    masterKey,
    refused: () => undefined,
    failed: (error) => failures.push(error),
  })
  running.push(throttle)
  return throttle
}
afterEach(async () => {
  for (const throttle of running.splice(0)) await throttle.stop()
  failures.length = 0
})
afterAll(async () => {
  await pool.close()
  await database.drop()
})

let people = 0
const somebody = (): Counted[] => [['messages', String(++people)]]
/** How many of so many are let through. */
const flood = (throttle: Throttle, who: Counted[], count = 2 * burst): number =>
  Array.from({ length: count }, () => throttle.take(who)).filter((verdict) => verdict?.allowed)
    .length

function keeps(store: Store): void {
  test('DO-04: what is too much stays too much over a restart', async () => {
    const who = somebody()
    const first = await start(store)
    expect(flood(first, who)).toBe(burst)
    await first.stop()
    const second = await start(store)
    // A few have come back meanwhile.
    expect(flood(second, who)).toBeLessThan(burst / 2)
    expect(flood(second, somebody())).toBe(burst)
  })

  test('DO-04: servers count together', async () => {
    const who = somebody()
    const both = [await start(store), await start(store)]
    for (const one of both) expect(flood(one, who)).toBe(burst)
    const wait = (one: Throttle) => one.take(who)?.retryInMs ?? 0
    // Each by itself would take one again after a fifth of a second.
    await until(() => both.every((one) => wait(one) > 2_000))
  })

  test('what is given back is given back for all', async () => {
    const who = somebody()
    const first = await start(store)
    expect(flood(first, who, burst)).toBe(burst)
    await until(async () => (await store.all()).length > 0)
    for (let n = 0; n < burst / 2; n++) first.giveBack(who)
    await first.stop()
    expect(flood(await start(store), who)).toBeGreaterThanOrEqual(burst / 2)
  })

  test('people who stay far from their limits cost the store nothing', async () => {
    const before = (await store.all()).length
    const throttle = await start(store)
    for (let n = 0; n < 100; n++) throttle.take(somebody())
    await throttle.stop()
    expect(await store.all()).toHaveLength(before)
  })

  test('what is full again is forgotten', async () => {
    const key = randomBytes(32)
    const others = (await store.all()).length
    await store.add([{ key, ms: 60_000 }])
    await store.sweep()
    expect(await store.all()).toHaveLength(others + 1)
    await store.add([{ key, ms: -60_000 }])
    await store.sweep()
    expect(await store.add([{ key, ms: 1_000 }])).toMatchObject([expect.closeTo(1_000, -1)])
  })
}

describe('in PostgreSQL', () => {
  keeps(postgres)

  test('no address can be read in it', async () => {
    const throttle = await start(postgres)
    const who: Counted[] = [['failed_sign_ins', '192.0.2.7']]
    flood(throttle, who, 40)
    await throttle.stop()
    const rows = await pool.rows<{ text: string }>({
      name: '',
      text: 'select encode(key, $1) || encode(key, $2) as text from throttles',
      values: ['escape', 'hex'],
    })
    expect(JSON.stringify(rows)).not.toMatch(/192\.0\.2\.7|failed/)
  })

  test('counting goes on where the store does not answer', async () => {
    const gone = createPool({ url: 'postgres://127.0.0.1:1/none', max: 1, name: 'test' })
    const throttle = await start(postgresStore(gone))
    const who = somebody()
    expect(flood(throttle, who)).toBe(burst)
    await until(() => failures.length >= 2)
    expect(flood(throttle, who)).toBeLessThan(burst)
    await gone.close()
  })
})

const redisIsHere = hasRedis()

describe.skipIf(!redisIsHere)('in Redis', async () => {
  const server = redisIsHere ? await startRedisServer() : undefined
  const redis = redisStore(server?.url ?? '')
  afterAll(async () => {
    redis.close()
    await server?.stop()
  })
  keeps(redis)

  test('where it is lost or stands still, PostgreSQL keeps what is counted, and it comes back', async () => {
    const lost: unknown[] = []
    const store = eitherOf(redis, postgres, (error) => lost.push(error))
    const throttle = await start(store)
    const isIn = async (store: Store, ...wanted: Counted[]) => {
      const keys = new Set(wanted.map((one) => keyOf(one).toString('hex')))
      return (await store.all()).some(({ key }) => keys.has(key.toString('hex')))
    }
    for (const [away, back] of [
      [() => server?.kill(), () => server?.again()],
      [() => server?.freeze(), () => server?.thaw()],
    ] as const) {
      const who = somebody()
      await away()
      expect(flood(throttle, who)).toBe(burst)
      await until(() => isIn(postgres, ...who))
      expect(lost.length).toBeGreaterThan(0)
      await back()
      // What it forgot, the process has not.
      expect(flood(throttle, who)).toBeLessThan(burst)
      // It is looked for now and then; what is counted before it is found goes to the other one.
      const others: Counted[] = []
      await until(() => {
        const other = somebody()
        others.push(...other)
        flood(throttle, other, burst / 2)
        return isIn(redis, ...others)
      })
    }
    expect(failures).toEqual([])
  }, 20_000)
})
