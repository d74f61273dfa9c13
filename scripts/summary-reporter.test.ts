import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './files.ts'

const passes = `import { test } from 'vitest'; test('passes', () => {})`
const fails = `import { test } from 'vitest'; test('fails', () => { throw new Error('no') })`
const skips = `import { test } from 'vitest'; test.skip('later', () => {}); test('passes', () => {})`
const breaks = `import './missing.ts'`
const hook = `import { beforeAll } from 'vitest'; beforeAll(() => { throw new Error('no') }); ${passes}`
const leaks = `${passes}; void Promise.reject(new Error('nobody waits for this'))`

/** The last line and the exit code of a run over these test files, by name. */
function run(files: Record<string, string>) {
  mkdirSync(join(root, '.parley'), { recursive: true })
  const folder = mkdtempSync(join(root, '.parley/reporter-'))
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        `--root=${folder}`,
        '--reporter=default',
        `--reporter=${join(root, 'scripts/summary-reporter.ts')}`,
      ],
      { encoding: 'utf8', env: { PATH: process.env['PATH'] } },
    )
    return { status, line: stdout.trimEnd().split('\n').at(-1) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('a run that passes says how many tests did', () => {
  expect(run({ 'a.test.js': passes })).toEqual({ status: 0, line: '1 passed, 0 failed' })
})

test('failed tests, files that do not load, hooks and stray errors all count as failed', () => {
  const files = { 'a.test.js': fails, 'b.test.js': breaks, 'c.test.js': hook, 'd.test.js': leaks }
  expect(run(files)).toEqual({ status: 1, line: '1 passed, 4 failed, 1 skipped' })
})

test('skipped tests are counted too', () => {
  expect(run({ 'a.test.js': skips })).toEqual({ status: 0, line: '1 passed, 0 failed, 1 skipped' })
})

test('a run without any file is a failure', () => {
  expect(run({})).toEqual({ status: 1, line: '0 passed, 1 failed' })
})
