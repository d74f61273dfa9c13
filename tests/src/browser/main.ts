/** `npm run e2e`: Playwright, where there is a browser; where there is none, one line that says so. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chromium } from './chromium.ts'

if (existsSync(chromium)) {
  const args = ['test', '-c', import.meta.dirname, ...process.argv.slice(2)]
  const child = spawn('playwright', args, { stdio: 'inherit' })
  await once(child, 'exit')
  process.exitCode = child.exitCode ?? 1
} else {
  const failed = process.env['CI'] === undefined ? 0 : 1
  process.stdout.write(`There is no Chromium at ${chromium}: set CHROMIUM_PATH, or install it.\n`)
  process.stdout.write(`0 passed, ${failed} failed\n`)
  process.exitCode = failed
}
