/** Statements that the SQL check must refuse, each below what it must say. */
import { sql } from '@parley/core/db/sql'

export const wrong = (ids: number[]) => [
  // expect: column "no_such_column" does not exist
  sql<{ no_such_column: string }>`select no_such_column from pg_class`,
  // expect: incorrect type annotation
  sql<{ one: string }>`select 1::int as one`,
  // expect: missing type annotation
  sql`select 1::int as one`,
  // expect: relation "no_such_table" does not exist
  sql`delete from no_such_table`,
  // expect: The server refuses it
  sql<{ id: number | null }>`select u.id from unnest(${ids}) as u(id)`,
]

export const right = (ids: number[]) => [
  sql<{ one: number }>`select 1::int as one`,
  sql<{ id: number | null }>`select u.id from unnest(${ids}::bigint[]) as u(id)`,
]
