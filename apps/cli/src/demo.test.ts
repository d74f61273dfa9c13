import { fileURLToPath } from 'node:url'
import { createPool } from '@parley/core/db/pool'
import { verifyPassword } from '@parley/core/passwords/hash'
import { loadSecrets } from '@parley/core/secrets'
import { type TestDatabase, createTestDatabase } from '@parley/core/testing/database'
import { runProgram } from '@parley/core/testing/program'
import { failureKeys } from '@parley/core/throttle/failures'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Place, place } from './fixtures/kit.ts'

const bin = fileURLToPath(new URL('../bin/parley.js', import.meta.url))

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

async function parley(
  words: string,
  { env }: Place,
  input?: string,
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const all = { ...env, DATABASE_URL: database.url }
  const program = runProgram(bin, words.split(' '), {
    env: all,
    ...(input !== undefined && { input }),
  })
  return { code: await program.ended, stdout: program.stdout(), stderr: program.stderr() }
}

async function query<Row>(text: string): Promise<Row[]> {
  const pool = createPool({ url: database.url, max: 1, name: 'test' })
  try {
    return await pool.rows<Row>({ name: '', text, values: [] })
  } finally {
    await pool.close()
  }
}

const passwordIn = (stdout: string, email: string): string =>
  stdout.match(new RegExp(`${email}  (\\S+)`))?.[1] ?? ''

test('db seed makes a demo to sign in to, and changes nothing when it runs again', async () => {
  const here = await place()
  const first = await parley('db seed', here)
  expect(first).toMatchObject({ code: 0, stderr: '' })
  const [ada] = await query<{ password_hash: string }>(
    "select password_hash from users where username = 'ada'",
  )
  const password = passwordIn(first.stdout, 'ada@example.com')
  expect(await verifyPassword(ada?.password_hash ?? '', password)).toBe(true)
  expect(password).not.toBe(passwordIn(first.stdout, 'grace@example.com'))
  const count = `select (select member_count from workspaces where name = 'Demo') as members,
    (select count(*)::int from messages) as messages`
  expect(await query(count)).toEqual([{ members: 3, messages: 3 }])
  const again = await parley('db seed', here)
  expect(again).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('its password is unchanged'),
  })
  expect(await query(count)).toEqual([{ members: 3, messages: 3 }])
  expect(await query("select password_hash from users where username = 'ada'")).toEqual([ada])
})

test('db reset deletes nothing where nobody can be asked', async () => {
  const before = await query<{ count: string }>('select count(*)::text as count from users')
  expect(await parley('db reset', await place())).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--yes'),
  })
  expect(await query('select count(*)::text as count from users')).toEqual(before)
})

test('db reset --yes leaves the demo and nothing else', async () => {
  const here = await place()
  await parley('user create --username bob --email bob@example.org', here)
  const reset = await parley('db reset --yes --password correct-horse-battery', here)
  expect(reset).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('ada@example.com  correct-horse-battery'),
  })
  expect(await query('select username from users order by 1')).toEqual([
    { username: 'ada' },
    { username: 'alan' },
    { username: 'grace' },
  ])
})

test('db restored starts a new epoch, so that no client goes on from what is gone', async () => {
  const text = 'select epoch from log_meta'
  const before = await query(text)
  const said = await parley('db restored', await place())
  expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining('fresh'), stderr: '' })
  expect(await query(text)).not.toEqual(before)
})

test('user create takes the password from standard input, and prints one that it made up', async () => {
  const here = await place()
  const given = await parley(
    'user create --username carol --email carol@example.org --password-stdin',
    here,
    'correct horse battery\n',
  )
  expect(given).toMatchObject({ code: 0, stderr: '' })
  expect(given.stdout).not.toContain('horse')
  const [carol] = await query<{ password_hash: string }>(
    "select password_hash from users where username = 'carol'",
  )
  expect(await verifyPassword(carol?.password_hash ?? '', 'correct horse battery')).toBe(true)
  const common = await parley(
    'user create --username eve --email eve@example.org --password-stdin',
    here,
    'Password123456789\n',
  )
  expect(common).toMatchObject({ code: 1, stderr: expect.stringContaining('a common one') })
  const made = await parley('user create --username dave --email dave@example.org', here)
  expect(made.stdout).toMatch(/Password: \S{20}/)
})

test.each([
  ['--username CAROL --email new@example.org', 1, 'is taken'],
  ['--username @ --email new@example.org', 1, 'is no user name'],
  ['--username erin --email nowhere', 1, 'is no e-mail address'],
  ['--username erin --email erin@example.org --password-stdin', 1, 'needs 12 to 256'],
  ['--username erin', 2, 'are needed'],
])('user create %s ends with exit code %i and a sentence', async (words, code, sentence) => {
  expect(await parley(`user create ${words}`, await place(), 'short')).toMatchObject({
    code,
    stderr: expect.stringContaining(sentence),
  })
})

test('user unlock lets somebody try again whose password was wrong too often', async () => {
  const here = await place()
  const { masterKey } = loadSecrets({
    dataDir: here.dataDir,
    masterKey: undefined,
    masterKeyFile: undefined,
  })
  const key = failureKeys(masterKey)('Carol@Example.org').toString('hex')
  await query(`insert into sign_in_failures (key, failures) values ('\\x${key}', 100)`)
  const unlock = 'user unlock --email carol@example.org'
  expect(await parley(unlock, here)).toMatchObject({
    code: 0,
    stdout: 'Forgot the wrong passwords of carol@example.org.\n',
  })
  expect(await query('select key from sign_in_failures')).toEqual([])
  expect((await parley(unlock, here)).stdout).toMatch(/^No wrong passwords/)
  expect(await parley('user unlock', here)).toMatchObject({ code: 2 })
})
