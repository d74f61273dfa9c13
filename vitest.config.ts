import { globSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const tests = globSync('**/*.test.ts', { cwd: import.meta.dirname, exclude: ['**/node_modules'] })

/** Changes what all files of a process have in common, or measures how much the process takes. */
const touchesProcess =
  /\bvi\.|\bprocess\.(?:cpuUsage|memoryUsage|chdir|umask|on|once)\(|\bprocess\.env\[[^\]]+\] =|\bglobalThis\.\w+ =/

const alone = tests.filter((file) =>
  touchesProcess.test(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')),
)

export default defineConfig({
  test: {
    // One PostgreSQL with the migrated template database for all files.
    globalSetup: ['packages/core/src/testing/global-setup.ts'],
    reporters: ['default', './scripts/summary-reporter.ts'],
    // Files share nothing but PostgreSQL. Half of their time they wait, for a bell, a beat or a process that
    // starts: on two cores a third one has room.
    pool: 'forks',
    maxWorkers: 3,
    // Real processes on a busy machine: a test that hangs is still noticed.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A test that fails once in a while is broken: never run it again until it passes.
    retry: 0,
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      // To load the servers takes a second: one process does so once for one file after the other.
      { extends: true, test: { name: 'shared', include: ['**/*.test.ts'], exclude: ['**/node_modules/**', ...alone], isolate: false } },
    ],
  },
})
