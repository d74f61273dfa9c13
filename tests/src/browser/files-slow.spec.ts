/// <reference lib="dom" />
import type { Page } from '@playwright/test'
import { progress, watchProgress } from './files-world.ts'
import { expect, test } from './fixtures.ts'
import { failedRequests } from './own-messages.ts'
import { createChannel } from './places.ts'

const tiles = (page: Page) => page.getByRole('list', { name: 'Attached files' })
const box = (page: Page) => page.getByRole('textbox', { name: /^Message / })

/** A line that takes so many bytes a second up. */
async function slowLine(page: Page, bytes: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 5,
    downloadThroughput: -1,
    uploadThroughput: bytes,
  })
}
const large = (name: string, bytes: number) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.alloc(bytes, 7),
})
const attach = (page: Page, files: ReturnType<typeof large>[]) =>
  page.locator('input[type=file]').setInputFiles(files)

test('on a slow line one types and goes elsewhere, and the upload only goes forward', async ({
  signUp,
}) => {
  const ann = await signUp('ann')
  const { page } = ann
  await createChannel(page, 'lunch')
  await expect(page.getByRole('button', { name: 'Attach files' })).toBeVisible()
  await slowLine(page, 400_000)
  await watchProgress(page)
  await attach(page, [large('film.bin', 1_600_000)])
  await expect(tiles(page).getByRole('progressbar')).toBeVisible()
  await box(page).pressSequentially('typed meanwhile')
  await expect(box(page)).toHaveValue('typed meanwhile')
  await ann.open('general')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('#general')
  await ann.open('lunch')
  await expect(box(page)).toHaveValue('typed meanwhile')
  await expect(tiles(page).getByRole('listitem')).toContainText('film.bin')
  await box(page).press('Enter')
  const row = page.getByRole('article').filter({ hasText: 'typed meanwhile' })
  await expect(row).toHaveAttribute('data-id', /\d+/, { timeout: 20_000 })
  await expect(row.getByRole('button', { name: 'Download film.bin' })).toBeVisible()
  const seen = await progress(page)
  expect(seen.length).toBeGreaterThan(3)
  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
})

test('cancel ends the upload within a second, and nothing of it is stored', async ({
  signUp,
  sql,
}) => {
  const ann = await signUp('ann', { expects: failedRequests })
  const { page } = ann
  await expect(page.getByRole('button', { name: 'Attach files' })).toBeVisible()
  await slowLine(page, 300_000)
  const name = `cancelled-${process.pid}.bin`
  await attach(page, [large(name, 6_000_000)])
  await expect(tiles(page).getByRole('progressbar')).toHaveAttribute('aria-valuenow', /[1-9]/)
  const ended = page.waitForEvent('requestfailed', {
    predicate: (request) => request.url().endsWith('/api/upload'),
    timeout: 1_000,
  })
  await page.getByRole('button', { name: `Cancel ${name}` }).click()
  await ended
  await expect(tiles(page)).toHaveCount(0)
  await expect.poll(() => sql(`select 1 from files where name = $1`, [name])).toEqual([])
})
