/**
 * `npm run check`: everything that can be known without running the code. One line a step; the
 * output of the steps that fail. `npm run check -- --write` corrects what can be corrected.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { root } from './files.ts'

const write = process.argv.includes('--write')
const correct = write ? ['--write'] : []

/** Longest first: two at a time then end together. */
const steps: Record<string, string[]> = {
  sql: ['node', 'scripts/check/sql.ts', ...correct],
  lint: ['oxlint', '--type-aware'],
  'dead code': ['knip', '--no-progress'],
  generated: ['node', 'scripts/check/generated.ts', ...correct],
  format: ['oxfmt', ...(write ? [] : ['--check'])],
  types: ['tsc', '-p', '.'],
  'web types': ['vue-tsc', '-p', 'apps/web'],
  browser: ['tsc', '-p', 'tests/src/browser'],
  bench: ['tsc', '-p', 'tests/src/bench'],
  migrations: ['node', 'scripts/check/migrations.ts'],
  imports: ['node', 'scripts/check/imports.ts'],
  secrets: ['node', 'scripts/check/secrets.ts'],
}

async function run(name: string, [command = '', ...args]: string[]): Promise<boolean> {
  const start = performance.now()
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  const passed = child.exitCode === 0
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(10)} ${seconds.padStart(5)} s`)
  if (!passed) console.log([out, err].join('\n').trim())
  return passed
}

const waiting = Object.entries(steps)
let passed = 0
async function worker(): Promise<void> {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    if (await run(...step)) passed++
  }
}
await Promise.all([worker(), worker()])

const failed = Object.keys(steps).length - passed
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
