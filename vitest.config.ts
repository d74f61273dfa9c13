import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
    globalSetup: ['packages/core/src/testing/global-setup.ts'],
    // Real processes on a busy machine: a test that hangs is still noticed.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
