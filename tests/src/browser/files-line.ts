/// <reference lib="dom" />
import { createHash, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import type { Client } from '@parley/sdk'
import type { Page } from '@playwright/test'
import { startParley } from '../stack/parley.ts'
import { test as base, expect } from './fixtures.ts'
import { type Line, startLine } from './line.ts'

/** What of an upload may go up once more after it broke off, in bytes. */
export const mostAgain = 8_000_000
/** Of a file that goes up in chunks, the smallest that takes some seconds. */
export const some = 24_000_000
/** All other requests meanwhile, in bytes. */
export const besides = 500_000
/** A connection that is lost is what these are about. */
export const lost = /Failed to load resource|ERR_|CORS/

/** The same servers, behind a line of which each byte is counted. */
export const test = base.extend<
  { file(name: string, bytes: number): Promise<string> },
  { line: Line }
>({
  line: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names from the pattern
    async ({}, use) => {
      const line = await startLine()
      await use(line)
      await line.stop()
    },
    { scope: 'worker' },
  ],
  parley: [
    async ({ events, line }, use) => {
      const parley = await startParley({
        PARLEY_RATE_LIMITS: 'off',
        PARLEY_LOG_LEVEL: 'warn',
        PARLEY_PUBLIC_URL: line.url,
        PARLEY_EVENTS_URL: events.url,
      })
      events.leadTo(parley.eventsUrl)
      line.leadTo(parley.url)
      await use({ ...parley, url: line.url })
      await parley.stop()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  /** A file on the disk, as a person has it. */
  async file({ line }, use, info) {
    await use(async (name, bytes) => {
      const path = info.outputPath(name)
      await writeFile(path, randomBytes(bytes))
      return path
    })
    line.limit(Infinity)
    line.mend()
  },
})

export const tiles = (page: Page) => page.getByRole('list', { name: 'Attached files' })
export const box = (page: Page) => page.getByRole('textbox', { name: /^Message / })
export const attach = async (page: Page, path: string) => {
  await expect(page.getByRole('button', { name: 'Attach files' })).toBeVisible()
  await page.locator('input[type=file]').setInputFiles(path)
  await expect(tiles(page).getByRole('listitem')).toHaveCount(1)
}
/** How far the upload is, as the page shows it. */
const percent = async (page: Page): Promise<number> =>
  Number(await page.getByRole('progressbar').getAttribute('aria-valuenow', { timeout: 30_000 }))
export const reaches = (page: Page, least: number) =>
  expect.poll(() => percent(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(least)

/** The uploads that the pages of a browser begin. */
export function begun(page: Page): string[] {
  const seen: string[] = []
  page.context().on('request', (request) => {
    if (request.method() === 'POST' && /\/api\/uploads?$/.test(request.url()))
      seen.push(request.url())
  })
  return seen
}

/** What others get of the only file of the chat that is open. */
export async function digestOf(client: Client, page: Page, url: string): Promise<string> {
  const id = Number(/\/c\/(\d+)/.exec(page.url())?.[1])
  const { messages } = await client.listMessages({ params: { id }, query: {} })
  const [file] = messages.flatMap(({ files }) => files)
  const place = await client.openFile({ params: { id: file?.id ?? 0 }, query: {} })
  const response = await fetch(new URL(place.url, url))
  return createHash('sha256')
    .update(await response.bytes())
    .digest('hex')
}
export const digestAt = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
