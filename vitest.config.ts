import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    // One PostgreSQL with the migrated template database for all files.
    globalSetup: ['packages/core/src/testing/global-setup.ts'],
    reporters: ['default', './scripts/summary-reporter.ts'],
    // Files share nothing but PostgreSQL, which takes a core of its own when it is busy.
    pool: 'forks',
    maxWorkers: 2,
    // Real processes on a busy machine: a test that hangs is still noticed.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A test that fails once in a while is broken: never run it again until it passes.
    retry: 0,
  },
})
