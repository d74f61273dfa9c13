import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPool } from '@parley/core/db/pool'
import { runningDatabase } from '@parley/core/embedded/running'
import { createTestDatabase } from '@parley/core/testing/database'
import { type Program, runProgram } from '@parley/core/testing/program'
import { afterAll, expect, test } from 'vitest'
import { place, running, start } from './fixtures/kit.ts'

const bin = fileURLToPath(new URL('../bin/parley.js', import.meta.url))
const database = await createTestDatabase()
const pool = createPool({ url: database.url, max: 1, name: 'test' })
afterAll(async () => {
  await pool.close()
  await database.drop()
})

const query = <Row>(text: string, db = pool) => db.rows<Row>({ name: '', text, values: [] })
const hashes = async (db = pool) =>
  (await query<{ hash: string }>(`select encode(hash, 'hex') as hash from setup_tokens`, db)).map(
    ({ hash }) => hash,
  )
const admins = async () =>
  (
    await query<{ username: string }>('select username from users where is_admin order by username')
  ).map(({ username }) => username)
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

async function parley(words: string) {
  const { env } = await place()
  const program = runProgram(bin, words.split(' '), {
    env: { ...env, DATABASE_URL: database.url },
  })
  return { code: await program.ended, stdout: program.stdout(), stderr: program.stderr() }
}

test('an administrator is made with the account or later, and the last one stays', async () => {
  const created = await parley('user create --username ann --email ann@example.org --admin')
  expect(created).toMatchObject({ code: 0, stderr: '' })
  expect(await admins()).toEqual(['ann'])
  await parley('user create --username ben --email ben@example.org')
  expect(await admins()).toEqual(['ann'])
  const last = await parley('user admin --email ann@example.org --remove')
  expect(last).toMatchObject({ code: 1, stderr: expect.stringContaining('last administrator') })
  expect(await parley('user admin --email BEN@example.org')).toMatchObject({ code: 0, stderr: '' })
  expect(await admins()).toEqual(['ann', 'ben'])
  expect(await parley('user admin --email ann@example.org --remove')).toMatchObject({ code: 0 })
  expect(await admins()).toEqual(['ben'])
  expect(await parley('user admin --email no@example.org')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no@example.org'),
  })
  expect(await parley('user admin')).toMatchObject({ code: 2 })
  const noted = await query(
    `select action from audit_log where action like 'admin.%' order by position`,
  )
  expect(noted).toEqual(['added', 'added', 'removed'].map((did) => ({ action: `admin.${did}` })))
})

test('AU-26: a setup link is printed once, and kept as a hash of its secret', async () => {
  const { code, stdout } = await parley('admin setup-link')
  expect(code).toBe(0)
  const [, token = ''] = /^http:\/\/localhost:\d+\/setup#token=([\w-]{43})\n$/.exec(stdout) ?? []
  expect(await hashes()).toEqual([sha256(token)])
})

const linked = (program: Program): string | undefined =>
  /\/setup#token=([\w-]{43})\n/.exec(program.stdout())?.[1]

test('AU-26: a fresh installation has no account, and its start shows a link until somebody administers', async () => {
  const here = await place()
  const first = start(here)
  await running(first)
  const token = linked(first) ?? ''
  const own = createPool({
    url: runningDatabase(here.dataDir, 'owner') ?? '',
    max: 1,
    name: 'test',
  })
  try {
    expect(await query('select id from users', own)).toEqual([])
    expect(await hashes(own)).toEqual([sha256(token)])
    for (const part of ['chat', 'notify'])
      expect(
        await readFile(join(here.dataDir, 'logs', `${part}-server.log`), 'utf8'),
      ).not.toContain(token)
    await query(
      `with made as (
         insert into users (username, email, password_hash) values ('ann', 'a@example.org', 'none')
       ) select 1`,
      own,
    )
    await query('update users set is_admin = true', own)
  } finally {
    await own.close()
  }
  first.child.kill('SIGTERM')
  await first.ended
  const second = start(here)
  await running(second)
  expect(linked(second)).toBeUndefined()
})
