import { setTimeout as delay } from 'node:timers/promises'
import { createChat, getMe, listChats } from '@parley/contract'
import { startBlackHole } from '@parley/core/testing/black-hole'
import { until } from '@parley/core/testing/until'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { caller, request } from './fixtures/call.ts'
import { type Person, query, startChatServer } from './fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())

const revoke = ({ sessionId }: Person) =>
  query(server.pool, 'update sessions set revoked_at = now() where id = $1', sessionId)

/** What a token alone is worth: refused for its body, so nothing but the token needs the database. */
async function worth(url: string, { token }: Person): Promise<string> {
  const { status, headers } = await request(url, createChat, { body: { type: 'none' } }, { token })
  return `${status}${headers.has('retry-after') ? ', later' : ''}`
}

/** Milliseconds from now until the person's token is refused. */
async function untilRefused(person: Person, url = server.url): Promise<number> {
  const since = performance.now()
  await until(async () => (await worth(url, person)) === '401', { what: 'a refusal' })
  return performance.now() - since
}

/** The quickest of a few tries: whatever else the machine does, one of them is undisturbed. */
async function quickest(end: (person: Person) => Promise<unknown>, soon: number): Promise<number> {
  let least = Infinity
  for (let n = 0; n < 5 && least >= soon; n++) {
    const person = await server.person()
    expect(await person.outcome(getMe, {})).toBe('200')
    await end(person)
    least = Math.min(least, await untilRefused(person))
  }
  return least
}

/** Each as it is written by hand. */
const endings: Record<string, (person: Person) => Promise<unknown>> = {
  'a session that is revoked': revoke,
  'one that was revoked under an old date': ({ sessionId }) =>
    query(
      server.pool,
      `update sessions set revoked_at = now() - interval '1 day' where id = $1`,
      sessionId,
    ),
  'the sessions of whoever is disabled': ({ id }) =>
    query(server.pool, `update users set status = 'disabled' where id = $1`, id),
  'one that is deleted': ({ sessionId }) =>
    query(server.pool, 'delete from sessions where id = $1', sessionId),
}

test.each(Object.entries(endings))('%s opens nothing after 200 ms', async (_, end) => {
  expect(await quickest(end, 200)).toBeLessThan(200)
})

test('a session that a long transaction revoked opens nothing once that has committed', async () => {
  const endSlowly = (person: Person) =>
    server.pool.transaction(async (db) => {
      await query(
        db,
        `update sessions set revoked_at = now() - interval '5 minutes' where id = $1`,
        person.sessionId,
      )
      expect(await person.outcome(getMe, {})).toBe('200')
    })
  expect(await quickest(endSlowly, 200)).toBeLessThan(200)
})

test('an event that ends no session, whatever it says, keeps no other one alive', async () => {
  const person = await server.person()
  await query(
    server.pool,
    `select append_events(array[$1::bigint], array['SessionRevoked'], array['{"session_id": "none"}'::jsonb])`,
    person.id,
  )
  await revoke(person)
  expect(await untilRefused(person)).toBeLessThan(1_000)
})

test('without the bell the bound is 1.5 s, and the connection that hears it comes back', async () => {
  const kill = () =>
    query<{ pid: number }>(
      server.pool,
      `select pid, pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'parley revocations'`,
    )
  const [first, second] = [await server.person(), await server.person()]
  const killed = await kill()
  expect(killed).not.toEqual([])
  await revoke(first)
  expect(await untilRefused(first)).toBeLessThan(1_500)
  await until(async () => {
    const again = await kill()
    return again.length > 0 && again.every(({ pid }) => !killed.some((one) => one.pid === pid))
  })
  // A bell that nobody hears: what is revoked is read all the same.
  await server.pool.transaction(async (db) => {
    await query(db, `set local parley.bell = off`)
    await query(db, 'update sessions set revoked_at = now() where id = $1', second.sessionId)
  })
  expect(await untilRefused(second)).toBeLessThan(1_500)
})

test('cut off from the database, a token counts for 5 s at most and then nothing is served', async () => {
  const hole = await startBlackHole(String(server.config.databaseUrl))
  onTestFinished(() => hole.stop())
  const { url } = await server.again({ DATABASE_URL: hole.url })
  const [good, gone] = [await server.person(), await server.person()]
  expect(await worth(url, good)).toBe('400')
  expect(await worth(url, gone)).toBe('400')

  hole.swallow()
  const cutAt = performance.now()
  await revoke(gone)
  let counted = 0
  await until(
    async () => {
      const from = performance.now()
      const answer = await worth(url, gone)
      if (answer === '400') counted = from - cutAt
      return answer === '503, later'
    },
    { timeoutMs: 20_000 },
  )
  expect(counted).toBeGreaterThan(2_000)
  expect(counted).toBeLessThan(5_000)
  // All who ask are told so soon, however many they are.
  const asked = performance.now()
  const answers = await Promise.all(Array.from({ length: 40 }, () => worth(url, good)))
  expect(new Set(answers)).toEqual(new Set(['503, later']))
  expect(performance.now() - asked).toBeLessThan(7_000)

  // As after a failover: what was open then never says another word.
  hole.heal('stays dead')
  const healedAt = performance.now()
  await until(
    async () => (await caller(url, good.token).outcome(listChats, { query: {} })) === '200',
  )
  expect(performance.now() - healedAt).toBeLessThan(5_000)
  expect(await worth(url, gone)).toBe('401')
  const all = await Promise.all(
    Array.from({ length: 40 }, () => caller(url, good.token).outcome(listChats, { query: {} })),
  )
  expect(new Set(all)).toEqual(new Set(['200']))
}, 60_000)

test('where only the log cannot be read, the session of each token is asked for, until it can', async () => {
  const [good, gone] = [await server.person(), await server.person()]
  const release = await locked('event_log')
  // Nor does the log say it.
  await server.pool.transaction(async (db) => {
    await query(db, 'set local session_replication_role = replica')
    await query(
      db,
      `update sessions set revoked_at = now() - interval '1 day' where id = $1`,
      gone.sessionId,
    )
  })
  expect(await worth(server.url, gone)).toBe('400')
  const since = performance.now()
  await until(async () => (await worth(server.url, gone)) === '401')
  expect(performance.now() - since).toBeLessThan(5_000)
  expect(await worth(server.url, good)).toBe('400')
  await release()
  // It has stopped to ask when an answer comes although nobody can be asked.
  await until(async () => {
    const unlock = await locked('sessions')
    const answer = await Promise.race([worth(server.url, good), delay(200)])
    await unlock()
    return answer === '400'
  })
}, 60_000)

/** Nobody else reads the table until the answer is called. */
async function locked(table: string): Promise<() => Promise<void>> {
  const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const ended = server.pool.transaction(async (db) => {
    await query(db, `lock table ${table} in access exclusive mode`)
    held.resolve()
    await release.promise
  })
  await Promise.race([held.promise, ended])
  return () => {
    release.resolve()
    return ended
  }
}
