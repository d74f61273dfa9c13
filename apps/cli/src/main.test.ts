import { fileURLToPath } from 'node:url'
import { runProgram } from '@parley/core/testing/program'
import { expect, test } from 'vitest'
import { place } from './fixtures/kit.ts'

const bin = fileURLToPath(new URL('../bin/parley.js', import.meta.url))

async function parley(
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const program = runProgram(bin, args, { env: { PATH: process.env['PATH'], ...env } })
  return { code: await program.ended, stdout: program.stdout(), stderr: program.stderr() }
}

test('help that was asked for goes to stdout with exit code 0', async () => {
  expect(await parley(['--help'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Usage: parley'),
    stderr: '',
  })
  expect(await parley(['start', '--help'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Usage: parley start'),
  })
})

test.each([[[]], [['dance']], [['start', '--fast']], [['db']], [['config', 'more']]])(
  'wrong use (%j) shows help on stderr with exit code 2',
  async (args) => {
    expect(await parley(args)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage: parley'),
    })
  },
)

test('config lists the settings in force, and names wrong ones with exit code 1', async () => {
  const good = await parley(['config'], { PARLEY_SIGNUP: 'closed' })
  expect(good).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('PARLEY_SIGNUP (signup) = closed'),
  })
  const bad = await parley(['config'], { PARLEY_SIGNUP: 'perhaps' })
  expect(bad).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('not "perhaps"'),
  })
})

test('db migrate makes the embedded database and then has nothing to do', async () => {
  const { env } = await place()
  expect(await parley(['db', 'migrate'], env)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Applied 0001_'),
    stderr: '',
  })
  expect(await parley(['db', 'migrate'], env)).toMatchObject({
    code: 0,
    stdout: 'The database is up to date.\n',
  })
})
