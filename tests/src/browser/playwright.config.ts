import { defineConfig } from '@playwright/test'

import { chromium, flags, reader } from './chromium.ts'

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../../.browser',
  // Each worker has servers of its own.
  workers: 2,
  fullyParallel: true,
  // Flaky is a bug.
  retries: 0,
  timeout: 60_000,
  // How fast it is, is asked elsewhere: a busy machine makes no test red.
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./summary.ts']],
  use: {
    browserName: 'chromium',
    ...reader,
    launchOptions: { executablePath: chromium, args: flags },
  },
})
