import { readFileSync } from 'node:fs'
import { createTestDatabase } from '@parley/core/testing/database'
import pg from 'pg'
import { expect, test } from 'vitest'

const page = readFileSync(new URL('../../../docs/personal-data.md', import.meta.url), 'utf8')
const classes = new Set(['content', 'identity', 'credential', 'activity', 'none'])

interface Row {
  table: string
  class: string
  columns: string[]
  erased: string
}
const rows: Row[] = [...page.matchAll(/^\| (\w+) +\| (\w+) +\| ([\w, ]+?) +\| (.*?) *\|$/gm)]
  .map(([, table = '', kind = '', columns = '', erased = '']) => ({
    table,
    class: kind,
    columns: columns.split(', '),
    erased,
  }))
  .filter(({ table }) => table !== 'table')

test('every column of the database has a class, and every class a word on erasure', async () => {
  const database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const { rows: found } = await client.query<{ name: string }>(
    `select c.relname || '.' || a.attname as name
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> 'migrations'`,
  )
  await client.end()
  await database.drop()
  const listed = rows.flatMap(({ table, columns }) => columns.map((column) => `${table}.${column}`))
  expect(listed.toSorted()).toEqual(found.map(({ name }) => name).toSorted())
  expect(rows.filter((row) => !classes.has(row.class))).toEqual([])
  expect(rows.filter((row) => row.class !== 'none' && row.erased === '')).toEqual([])
})
