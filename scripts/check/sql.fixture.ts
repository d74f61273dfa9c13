/** Statements that the SQL check must refuse, each below what it must say. */
import { sql } from '@parley/core/db/sql'
// expect: Keep the name
import { sql as query } from '@parley/core/db/sql'
import * as all from '@parley/core/db/sql'

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
  // expect: holds no backslashes
  sql<{ s: string }>`select 'a\\b'::text as s`,
  // expect: Keep the name
  all.sql`select no_such_column`,
  query`select no_such_column`,
]

export const right = (ids: number[]) => [
  sql<{ one: number }>`select 1::int as one`,
  sql<{ id: number | null }>`select u.id from unnest(${ids}::bigint[]) as u(id)`,
]
