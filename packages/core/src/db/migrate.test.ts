import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../testing/database.ts'
import { migrate } from './migrate.ts'

let database: TestDatabase
let folder: string

beforeEach(async () => {
  database = await createTestDatabase('template0')
  folder = await mkdtemp(join(tmpdir(), 'parley-migrations-'))
})

afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text)

async function tables(): Promise<string[]> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' order by 1",
  )
  await client.end()
  return rows.map(({ name }) => name)
}

test('migrations run in order, once, and other files in the folder are left alone', async () => {
  await write('0002_notes.sql', 'create table notes (person int references people)')
  await write('0001_people.sql', '-- who\ncreate table people (id int primary key);')
  await write('README.md', 'not sql')
  expect(await migrate(database.url, undefined, folder)).toEqual(['0001_people', '0002_notes'])
  expect(await migrate(database.url, undefined, folder)).toEqual([])
})

test('a failing migration is named and nothing of the upgrade remains', async () => {
  await write('0001_people.sql', 'create table people ()')
  await write('0002_notes.sql', 'create table notes ();\ncreate index on nowhere (id);')
  await expect(migrate(database.url, undefined, folder)).rejects.toThrow(
    'The migration 0002_notes.sql failed (relation "nowhere" does not exist); nothing was changed.',
  )
  expect(await tables()).not.toContain('people')
})

test('two that start together do not run a migration twice', async () => {
  await write('0001_people.sql', 'create table people ()')
  const both = await Promise.all([
    migrate(database.url, undefined, folder),
    migrate(database.url, undefined, folder),
  ])
  expect(both.flat()).toEqual(['0001_people'])
})

test('a database that a newer version made is refused', async () => {
  await write('0001_people.sql', 'create table people ()')
  await write('0002_notes.sql', 'create table notes ()')
  await migrate(database.url, undefined, folder)
  await rm(join(folder, '0002_notes.sql'))
  await expect(migrate(database.url, undefined, folder)).rejects.toThrow(
    /was made by a newer Parley .*0002_notes/,
  )
})

test('a database that does not answer is one sentence', async () => {
  await expect(migrate('postgres://nobody@127.0.0.1:1/none', undefined, folder)).rejects.toThrow(
    /^Cannot connect to the database: .*ECONNREFUSED.*\.$/,
  )
})
