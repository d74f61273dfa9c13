import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { query, startChatServer } from '../fixtures/chat-server.ts'
import * as queries from './queries.ts'

const server = await startChatServer()
afterAll(() => server.stop())

const quotas = { userQuota: 1000, instanceQuota: 2500 }
const people = await Promise.all([1, 2, 3, 4].map(async () => (await server.person()).id))

/** One upload: whose, what is reserved at first, what then, and how it ends. */
interface Upload {
  who: number
  first: number
  more: number[]
  end: 'stored' | 'aborted' | 'removed'
}
const upload: fc.Arbitrary<Upload> = fc.record({
  who: fc.nat(3),
  first: fc.nat(600),
  more: fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 4 }),
  end: fc.constantFrom('stored', 'aborted', 'removed'),
})

async function run({ who, first, more, end }: Upload) {
  const ownerId = people[who] ?? 0
  const begun = await queries.begin(server.pool, { ownerId, name: 'a', bytes: first }, quotas)
  if (begun === undefined) return
  let size = first
  for (const bytes of more) {
    if (await queries.grow(server.pool, begun.id, bytes, quotas)) size += bytes
    else break
  }
  if (end === 'aborted') await queries.drop(server.pool, begun.id, ownerId)
  else {
    const stored = { size: Math.floor(size / 2), sha256: Buffer.alloc(32) }
    await queries.finish(server.pool, begun.id, stored, 'text/plain')
    if (end === 'removed') await queries.drop(server.pool, begun.id, ownerId)
  }
}

/** The most that was ever counted, by a trigger that writes down each change. */
await server.value('create table seen (scope text, id bigint, bytes bigint)')
await server.value(`create function see() returns trigger language plpgsql as $$
  begin insert into seen values (new.scope, new.id, new.bytes); return null; end $$`)
await server.value(
  'create trigger see after update on file_use for each row execute function see()',
)

const counted = () =>
  query<{ scope: string; id: number; bytes: number; really: number }>(
    server.pool,
    `select u.scope, u.id, u.bytes, coalesce((select sum(f.size) from files f
       where u.scope = 'instance' or f.owner_id = u.id), 0)::bigint as really from file_use u`,
  )

test('FI-06: however uploads come together, no quota is passed, and what counts is what there is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(upload, { minLength: 2, maxLength: 24 }), async (uploads) => {
      await Promise.all(uploads.map(run))
      for (const { scope, bytes, really } of await counted()) {
        expect(bytes).toBe(really)
        expect(bytes).toBeLessThanOrEqual(scope === 'user' ? 1000 : 2500)
      }
      const [most] = await query<{ person: number; all: number }>(
        server.pool,
        `select coalesce(max(bytes) filter (where scope = 'user'), 0) as person,
           coalesce(max(bytes) filter (where scope = 'instance'), 0) as all from seen`,
      )
      expect(most?.person).toBeLessThanOrEqual(1000)
      expect(most?.all).toBeLessThanOrEqual(2500)
      await server.value('delete from files')
      await server.value('delete from seen')
    }),
    { numRuns: 40 },
  )
}, 120_000)
