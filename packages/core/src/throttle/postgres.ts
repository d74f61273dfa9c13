import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import type { Store } from './store.ts'

/** Debts in the table `throttles`, by the clock of the database. */
export const postgresStore = (db: Db): Store => ({
  async add(debts) {
    const keys = debts.map(({ key }) => key)
    const seconds = debts.map(({ ms }) => ms / 1000)
    const rows = await db.rows(sql<{ key: Buffer; ms: number | null }>`
      insert into throttles as t (key, full_at)
      select w.key, now() + make_interval(secs => w.seconds)
      from unnest(${keys}::bytea[], ${seconds}::double precision[]) as w (key, seconds)
      -- In the same order as everybody else locks them.
      order by w.key
      on conflict (key) do update
        set full_at = greatest(t.full_at, now()) + (excluded.full_at - now())
      returning key, extract(epoch from full_at - now())::double precision * 1000 as ms`)
    const found = new Map(rows.map(({ key, ms }) => [key.toString('hex'), ms ?? 0]))
    return keys.map((key) => found.get(key.toString('hex')) ?? 0)
  },
  all: () =>
    db.rows(sql<{ key: Buffer; ms: number }>`
      select key, coalesce(extract(epoch from full_at - now())::double precision * 1000, 0) as ms
      from throttles where full_at > now()`),
  async sweep() {
    await db.run(sql`
      delete from throttles where key in (
        select key from throttles where full_at <= now() order by key for update skip locked)`)
  },
})
