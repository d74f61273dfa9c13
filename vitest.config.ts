import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
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
  },
})
