import { brokenAt, chainOf, cutOf } from '@parley/core/audit/chain'
import { pruneAudit } from '@parley/core/audit/retention'
import { until } from '@parley/core/testing/until'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestServer, query, startChatServer } from '../fixtures/chat-server.ts'

let server: TestServer
beforeEach(async () => {
  server = await startChatServer({ PARLEY_AUDIT_RETENTION_DAYS: '0' })
})
afterEach(() => server.stop())

/** Entries of these ages in days, in this order. */
const write = async (...ages: number[]) => {
  for (const age of ages)
    await server.value(
      `insert into audit_log (action, at) values ('test.done', clock_timestamp() - $1 * interval '1 day')`,
      age,
    )
}
const positions = async () =>
  (
    await query<{ position: number }>(
      server.pool,
      'select position from audit_log order by position',
    )
  ).map(({ position }) => position)

/** As whoever owns the table can, past the triggers. */
const forge = (statement: string) =>
  server.value(`do $$ begin
    set local session_replication_role = replica;
    ${statement};
  end $$`)

test('OP-05: entries past the retention are dropped, and the rest is a chain that begins where an entry says', async () => {
  await write(500, 400, 370, 10, 5)
  const [third] = await query<{ hash: string }>(
    server.pool,
    `select encode(hash, 'hex') as hash from audit_log where position = 3`,
  )
  expect(await cutOf(server.pool)).toBeUndefined()
  expect(await pruneAudit(server.pool, 365)).toBe(3)
  expect(await positions()).toEqual([4, 5, 6])
  const pruned = await query(
    server.pool,
    'select action, actor_id, detail from audit_log where position = 6',
  )
  const detail = { entries: 3, through: 3, hash: third?.hash }
  expect(pruned).toEqual([{ action: 'audit.pruned', actor_id: null, detail }])
  expect(await brokenAt(server.pool)).toBe(null)
  expect(await chainOf(server.pool)).toMatchObject({ entries: 3, position: 6 })
  const cut = await cutOf(server.pool)
  expect(cut?.first).toBe(4)
  expect(Math.abs(Date.parse(cut?.at ?? '') - Date.now())).toBeLessThan(60_000)
  // Nothing more to do, and nothing is written for it.
  expect(await pruneAudit(server.pool, 365)).toBe(0)
  expect(await positions()).toEqual([4, 5, 6])
})

test('the retention stops at the first entry that is younger, and the newest entry stays', async () => {
  await write(500, 10, 500)
  expect(await pruneAudit(server.pool, 365)).toBe(1)
  expect(await positions()).toEqual([2, 3, 4])
  expect(await pruneAudit(server.pool, 365)).toBe(0)
})

test('where all entries are past their time the newest one stays, for the next to follow', async () => {
  await write(500, 400)
  expect(await pruneAudit(server.pool, 30)).toBe(1)
  expect(await positions()).toEqual([2, 3])
  expect(await brokenAt(server.pool)).toBe(null)
})

test('what was cut twice is whole, also where the entry of the first cut is dropped by the second', async () => {
  await write(500, 400)
  await pruneAudit(server.pool, 365)
  expect(await positions()).toEqual([2, 3])
  // The entry of the cut is a chain's own: aged, it is sealed anew.
  await forge(`update audit_log set at = now() - interval '380 days' where position = 3;
    update audit_log a set hash = audit_hash(a) where position = 3;
    update audit_end e set hash = a.hash from audit_log a where a.position = e.position`)
  await write(1)
  expect(await brokenAt(server.pool)).toBe(null)
  expect(await pruneAudit(server.pool, 365)).toBe(2)
  expect(await positions()).toEqual([4, 5])
  expect(await brokenAt(server.pool)).toBe(null)
  expect((await cutOf(server.pool))?.first).toBe(4)
})

test('OP-05: a beginning that no retention dropped, or another one than it says, shows', async () => {
  await write(500, 400, 10, 9, 8)
  await pruneAudit(server.pool, 365)
  await forge('delete from audit_log where position = 3')
  expect(await brokenAt(server.pool)).toBe(4)
  await forge('delete from audit_log where position = 5')
  expect(await brokenAt(server.pool)).toBe(4)
})

test('OP-05: a hole, and a beginning without the entry of its cut, show', async () => {
  await write(500, 10, 9, 8)
  await forge('delete from audit_log where position = 1')
  expect(await brokenAt(server.pool)).toBe(2)
  await server.value(
    `insert into audit_log (action, detail) values ('audit.pruned', '{"through": 1, "hash": "00"}')`,
  )
  expect(await brokenAt(server.pool)).toBe(2)
})

test('OP-05: an end that is gone shows, also when others were written after it', async () => {
  await write(3, 2, 1)
  await forge('delete from audit_log where position = 3')
  expect(await brokenAt(server.pool)).toBe(3)
  await write(0)
  expect(await positions()).toEqual([1, 2, 4])
  expect(await brokenAt(server.pool)).toBe(4)
  await forge('delete from audit_log')
  expect(await brokenAt(server.pool)).toBe(1)
})

test('OP-05: what is not as it was written is not dropped', async () => {
  await write(500, 450, 400, 10)
  await forge('update audit_log set actor_id = 1 where position = 2')
  await expect(pruneAudit(server.pool, 365)).rejects.toThrow(/not as it was written/)
  expect(await positions()).toEqual([1, 2, 3, 4])
  expect(await brokenAt(server.pool)).toBe(2)
})

test('the audit log is kept for thirty days at least, and nobody deletes of it by hand', async () => {
  await write(29, 28, 1)
  for (const days of [29, 0, -1])
    await expect(pruneAudit(server.pool, days)).rejects.toThrow(/thirty days/)
  await expect(server.value('select prune_audit(null)')).rejects.toThrow(/thirty days/)
  await expect(server.value('delete from audit_log where position = 1')).rejects.toThrow(
    /append-only/,
  )
  expect(await pruneAudit(server.pool, 30)).toBe(0)
  expect(await positions()).toEqual([1, 2, 3])
})

test('two servers that cut at the same moment cut once, while others write', async () => {
  await write(500, 400, 1)
  const writing = Promise.all(Array.from({ length: 10 }, () => write(0)))
  const dropped = await Promise.all(Array.from({ length: 4 }, () => pruneAudit(server.pool, 365)))
  await writing
  expect(dropped.filter((entries) => entries > 0)).toEqual([2])
  expect((await positions()).length).toBe(12)
  expect(await brokenAt(server.pool)).toBe(null)
})

test('more than one step is dropped at the start, and with 0 nothing ever is', async () => {
  await server.value(
    `insert into audit_log (action, at)
     select 'test.done', now() - interval '400 days' from generate_series(1, 12000)`,
  )
  await write(1)
  await server.again()
  expect(await chainOf(server.pool)).toMatchObject({ entries: 12_001 })
  await server.again({ PARLEY_AUDIT_RETENTION_DAYS: '365' })
  await until(async () => (await chainOf(server.pool)).entries === 3)
  expect(await positions()).toEqual([12_001, 12_002, 12_003])
  expect(await brokenAt(server.pool)).toBe(null)
}, 60_000)
