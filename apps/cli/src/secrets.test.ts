import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPool } from '@parley/core/db/pool'
import { loadConfig } from '@parley/core/config/load'
import { loadSecrets } from '@parley/core/secrets'
import { createTestDatabase } from '@parley/core/testing/database'
import { runProgram } from '@parley/core/testing/program'
import { signingKey } from '@parley/core/tokens/keys'
import { expect, onTestFinished, test } from 'vitest'
import { place, running, start } from './fixtures/kit.ts'

const bin = fileURLToPath(new URL('../bin/parley.js', import.meta.url))
async function parley(words: string, env: NodeJS.ProcessEnv) {
  const program = runProgram(bin, words.split(' '), { env })
  return { code: await program.ended, stdout: program.stdout(), stderr: program.stderr() }
}

test('with the embedded database each secret is replaced while Parley is stopped, and none while it runs', async () => {
  const here = await place()
  const [secrets, password] = ['secrets.json', 'postgres.password'].map(
    (name) => () => readFileSync(join(here.dataDir, name), 'utf8'),
  )
  expect((await parley('secrets list', here.env)).stdout).toMatch(
    /\ndatabase_password {2}none yet\n$/,
  )
  const program = start(here)
  await running(program)
  const before = [secrets?.(), password?.()]
  for (const name of ['master_key', 'database_password'])
    expect(await parley(`secrets rotate ${name}`, here.env)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^Parley is already running on the data folder .* \(process \d+\)\.\n$/,
      ),
    })
  expect([secrets?.(), password?.()]).toEqual(before)
  program.child.kill('SIGTERM')
  await program.ended

  expect(await parley('secrets rotate database_password', here.env)).toEqual({
    code: 0,
    stdout: 'The passwords of the embedded database were replaced.\n',
    stderr: '',
  })
  expect(password?.()).not.toBe(before[1])
  expect(await parley('secrets rotate master_key', here.env)).toMatchObject({ code: 0, stderr: '' })
  expect(secrets?.()).not.toBe(before[0])
  expect(existsSync(join(here.dataDir, 'secrets.lock'))).toBe(false)
  const listed = await parley('secrets list', here.env)
  expect(listed.stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([
    'master_key',
    'signing_keys',
    'database_password',
    '',
  ])
  expect(listed.stdout).not.toContain(password?.().trim())
  await running(start(here))
}, 120_000)

test('a master key in the settings is replaced by one that the operator made', async () => {
  const here = await place()
  const database = await createTestDatabase()
  const pool = createPool({ url: database.url, max: 1, name: 'test' })
  onTestFinished(async () => {
    await pool.close()
    await database.drop()
  })
  const [oldKey, newKey] = [1, 2].map((n) => Buffer.alloc(32, n).toString('base64url'))
  const file = join(here.dataDir, '..', 'new-key')
  const env = { ...here.env, DATABASE_URL: database.url, PARLEY_MASTER_KEY: oldKey }
  const secretsWith = (key: string | undefined) =>
    loadSecrets(loadConfig({ ...env, PARLEY_MASTER_KEY: key }))
  const { kid } = await signingKey(pool, secretsWith(oldKey).masterKey)
  const rotate = 'secrets rotate master_key'
  expect(await parley(rotate, env)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The master key is in the settings\. .*--new-key-file\.\n$/),
  })
  writeFileSync(file, 'short')
  expect(await parley(`${rotate} --new-key-file ${file}`, env)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('must be 32 random bytes'),
  })
  writeFileSync(file, `${newKey}\n`)
  const { PARLEY_MASTER_KEY: _, ...without } = env
  expect(await parley(`${rotate} --new-key-file ${file}`, without)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('leave out --new-key-file'),
  })
  // Twice, as after the first one was broken off.
  for (let n = 0; n < 2; n++)
    expect(await parley(`${rotate} --new-key-file ${file}`, env)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Put the key in ${file} in the settings`),
    })
  await expect(signingKey(pool, secretsWith(oldKey).masterKey)).rejects.toThrow(
    /another master key/,
  )
  expect((await signingKey(pool, secretsWith(newKey).masterKey)).kid).toBe(kid)
  const [, former] = secretsWith(newKey).addressKeys
  expect(former?.key).toEqual(secretsWith(oldKey).addressKeys[0].key)
  expect((await parley('secrets list', env)).stdout).toMatch(/^master_key .*, in the settings\n/)
  expect(await parley('secrets rotate database_password', env)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The database is your own: /),
  })
  expect(
    await parley('secrets rotate signing_keys', { ...env, PARLEY_MASTER_KEY: newKey }),
  ).toMatchObject({ code: 1 })
  for (const words of ['secrets', 'secrets rotate', 'secrets rotate pepper', 'secrets list all'])
    expect(await parley(words, env)).toMatchObject({ code: 2, stdout: '' })
}, 60_000)
