import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadSecrets } from '@parley/core/secrets'
import { createPool } from '@parley/core/db/pool'
import { createTestDatabase } from '@parley/core/testing/database'
import { runProgram } from '@parley/core/testing/program'
import { keepKeys } from '@parley/core/tokens/rotation'
import { signingKey } from '@parley/core/tokens/keys'
import { expect, onTestFinished, test } from 'vitest'

const bin = fileURLToPath(new URL('../bin/parley.js', import.meta.url))

/** A database and a data folder of a test's own, and the command line on them. */
async function keysPlace() {
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-keys-'))
  const pool = createPool({ url: database.url, max: 2, name: 'test' })
  onTestFinished(async () => {
    await pool.close()
    await database.drop()
    await rm(dataDir, { recursive: true, force: true })
  })
  const { masterKey } = loadSecrets({ dataDir, masterKey: undefined, masterKeyFile: undefined })
  const settings = { DATABASE_URL: database.url, PARLEY_DATA_DIR: dataDir }
  return {
    pool,
    /** As a server begins. */
    async begin(): Promise<void> {
      await signingKey(pool, masterKey)
      await keepKeys(pool, masterKey, 60)
    },
    async parley(words: string, more: Record<string, string> = {}) {
      const env = { PATH: process.env['PATH'], ...settings, ...more }
      const program = runProgram(bin, words.split(' '), { env })
      return { code: await program.ended, stdout: program.stdout(), stderr: program.stderr() }
    },
    async value(text: string): Promise<string> {
      const [row] = await pool.rows<object>({ name: '', text, values: [] })
      return String(Object.values(row ?? {})[0])
    },
  }
}

const aged = `update signing_keys set created_at = now() - interval '10 minutes' where state = 'next' returning 1`

test('keys are listed and rotated: the next one signs, and what it replaces counts for some minutes', async () => {
  const { begin, parley, value } = await keysPlace()
  await begin()
  await value(aged)
  const [first, second] = [
    await value(`select kid from signing_keys where state = 'active'`),
    await value(`select kid from signing_keys where state = 'next'`),
  ]
  const before = await parley('keys list')
  expect(before).toMatchObject({ code: 0, stderr: '' })
  expect(before.stdout).toMatch(
    new RegExp(
      `^${second} {2}next .*published since .*Z\\n${first} {2}active .*signs since .*Z\\n$`,
    ),
  )

  const rotated = await parley('keys rotate')
  expect(rotated).toMatchObject({ code: 0, stderr: '' })
  expect(rotated.stdout).toContain(`The key ${second} signs now.`)
  expect(rotated.stdout).toContain(`Tokens by ${first} count until they end`)
  const after = (await parley('keys list')).stdout.split('\n')
  expect(after[1]).toMatch(new RegExp(`^${second} {2}active `))
  expect(after[2]).toMatch(new RegExp(`^${first} {2}retired {2}its tokens count until .*Z$`))

  expect(await parley('keys rotate --compromised')).toMatchObject({ code: 0, stderr: '' })
  const dropped = (await parley('keys list')).stdout.trim().split('\n')
  expect(dropped).toHaveLength(5)
  for (const line of dropped.slice(2)) expect(line).toMatch(/ retired {2}refused since .*Z$/)
}, 60_000)

test('a key that others may not have read yet is not made to sign: it says when, and what to do', async () => {
  const { begin, parley, value } = await keysPlace()
  await begin()
  const active = await value(`select kid from signing_keys where state = 'active'`)
  const early = await parley('keys rotate')
  expect(early).toMatchObject({ code: 1, stdout: '' })
  expect(early.stderr).toMatch(
    /^The next key was published .* Try again in 10 minutes, or add --now, .*\n$/,
  )
  expect(await value(`select kid from signing_keys where state = 'active'`)).toBe(active)
  const inHaste = await parley('keys rotate --now')
  expect(inHaste).toMatchObject({ code: 0, stderr: '' })
  expect(inHaste.stdout).toMatch(
    /^Waiting \d+ s, until every server knows the next key\.\nThe key /,
  )
}, 60_000)

test('what is wrong is said in a sentence, and nothing changes', async () => {
  const { begin, parley, value } = await keysPlace()
  expect((await parley('keys list')).stdout).toMatch(/^There are no keys yet/)
  for (const words of ['keys rotate', 'keys rotate --compromised'])
    expect(await parley(words)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^There is no key to rotate yet: .*\n$/),
    })
  await begin()
  await value(aged)
  const foreign = { PARLEY_MASTER_KEY: Buffer.alloc(32, 7).toString('base64url') }
  for (const words of ['keys rotate', 'keys rotate --compromised'])
    expect(await parley(words, foreign)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The signing key .* another master key\. .*\n$/),
    })
  for (const words of [
    'keys',
    'keys turn',
    'keys rotate now',
    'keys rotate --hard',
    'keys list all',
  ])
    expect(await parley(words)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage: parley'),
    })
  expect(await value('select count(*) from signing_keys')).toBe('2')
}, 60_000)
