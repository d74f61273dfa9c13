import pg from 'pg'
import { expect, test } from 'vitest'
import { createTestDatabase } from './database.ts'

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<pg.QueryResultRow>(text)).rows
  } finally {
    await client.end()
  }
}

test('each test database is migrated and separate from the others', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()])
  await query(one.url, 'create table mine ()')
  expect(await query(one.url, 'select count(*) > 0 as migrated from migrations')).toEqual([
    { migrated: true },
  ])
  expect(await query(two.url, "select to_regclass('mine') as mine")).toEqual([{ mine: null }])
  await Promise.all([one.drop(), two.drop()])
})

test('dropping a test database closes connections that a test left open', async () => {
  const database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.url })
  client.on('error', () => undefined)
  await client.connect()
  await database.drop()
  await expect(client.query('select 1')).rejects.toThrow(/terminat|not queryable/)
})
