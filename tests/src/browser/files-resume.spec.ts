/// <reference lib="dom" />
import { createHash, randomBytes } from 'node:crypto'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from '@parley/sdk'
import { type Page, chromium as browser } from '@playwright/test'
import { startParley } from '../stack/parley.ts'
import { isAccessible } from './a11y-checks.ts'
import { chromium, flags, reader } from './chromium.ts'
import { progress, watchProgress } from './files-world.ts'
import { acknowledged, test as base, expect } from './fixtures.ts'
import { type Line, startLine } from './line.ts'
import { problem } from './own-messages.ts'
import { signUpOn } from './person.ts'
import { createChannel } from './places.ts'

/** What of an upload may go up once more after it broke off, in bytes. */
const mostAgain = 8_000_000
/** Of a file that goes up in chunks, the smallest that takes some seconds. */
const some = 24_000_000
/** All other requests meanwhile, in bytes. */
const besides = 500_000
/** A connection that is lost is what these are about. */
const lost = /Failed to load resource|ERR_|CORS/

/** The same servers, behind a line of which each byte is counted. */
const test = base.extend<{ file(name: string, bytes: number): Promise<string> }, { line: Line }>({
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

const tiles = (page: Page) => page.getByRole('list', { name: 'Attached files' })
const box = (page: Page) => page.getByRole('textbox', { name: /^Message / })
const attach = async (page: Page, path: string) => {
  await expect(page.getByRole('button', { name: 'Attach files' })).toBeVisible()
  await page.locator('input[type=file]').setInputFiles(path)
  await expect(tiles(page).getByRole('listitem')).toHaveCount(1)
}
/** How far the upload is, as the page shows it. */
const percent = async (page: Page): Promise<number> =>
  Number(await page.getByRole('progressbar').getAttribute('aria-valuenow', { timeout: 30_000 }))
const reaches = (page: Page, least: number) =>
  expect.poll(() => percent(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(least)

/** The uploads that the pages of a browser begin. */
function begun(page: Page): string[] {
  const seen: string[] = []
  page.context().on('request', (request) => {
    if (request.method() === 'POST' && /\/api\/uploads?$/.test(request.url()))
      seen.push(request.url())
  })
  return seen
}

/** What others get of the only file of the chat that is open. */
async function digestOf(client: Client, page: Page, url: string): Promise<string> {
  const id = Number(/\/c\/(\d+)/.exec(page.url())?.[1])
  const { messages } = await client.listMessages({ params: { id }, query: {} })
  const [file] = messages.flatMap(({ files }) => files)
  const place = await client.openFile({ params: { id: file?.id ?? 0 }, query: {} })
  const response = await fetch(new URL(place.url, url))
  return createHash('sha256')
    .update(await response.bytes())
    .digest('hex')
}
const digestAt = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

test(
  '50 MB on a slow line outlast a cut and a killed server, while one types and goes elsewhere',
  { tag: '@slow' },
  async ({ signUp, invite, clientOf, parley, line, file, tolerate }) => {
    test.setTimeout(180_000)
    tolerate(lost)
    const bob = await signUp('bob')
    const ann = await signUp('ann', { invite: await invite(bob) })
    const { page } = ann
    await createChannel(page, 'lunch')
    const path = await file('film.bin', 50_000_000)
    const uploads = begun(page)
    const session = await page.context().newCDPSession(page)
    await session.send('HeapProfiler.enable')
    const heap = async (): Promise<number> => {
      await session.send('HeapProfiler.collectGarbage')
      await session.send('HeapProfiler.collectGarbage')
      return (await session.send('Runtime.getHeapUsage')).usedSize / 1_048_576
    }
    await expect(page.getByRole('button', { name: 'Attach files' })).toBeVisible()
    const before = await heap()
    await watchProgress(page)

    line.limit(2_000_000)
    const from = line.sent()
    await attach(page, path)
    await reaches(page, 10)
    await box(page).pressSequentially('typed meanwhile')
    await ann.open('general')
    await ann.send('said elsewhere')
    await acknowledged(page.getByRole('article').last())
    await ann.open('lunch')
    await expect(box(page)).toHaveValue('typed meanwhile')
    await box(page).press('Enter')
    const row = page.getByRole('article').filter({ hasText: 'typed meanwhile' })
    await expect(row).toContainText('film.bin')
    const halfway = await heap()

    await reaches(page, 60)
    line.cut()
    await expect(row).toContainText('Waiting to upload')
    line.mend()
    await reaches(page, 80)
    const pid = parley.pid('chat-server') ?? 0
    process.kill(pid, 'SIGKILL')
    await expect(row).toContainText('Waiting to upload')
    await expect(row).toHaveAttribute('data-id', /^\d+$/, { timeout: 90_000 })
    expect(parley.pid('chat-server')).not.toBe(pid)

    const sent = line.sent() - from
    const after = await heap()
    test.info().annotations.push({
      type: 'figures',
      description: `sent ${sent} bytes, heap ${before.toFixed(1)}, ${halfway.toFixed(1)}, ${after.toFixed(1)} MB`,
    })
    expect(sent).toBeGreaterThanOrEqual(50_000_000)
    expect(sent).toBeLessThanOrEqual(50_000_000 + mostAgain + besides)
    expect(uploads).toHaveLength(1)
    const seen = await progress(page)
    expect(seen.length).toBeGreaterThan(20)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(Math.max(halfway, after) - before).toBeLessThanOrEqual(30)
    expect(await digestOf(await clientOf(bob), page, parley.url)).toBe(await digestAt(path))
  },
)

test(
  'what is paused stays so over a reload, and what a reload breaks off goes on from where it was',
  { tag: '@slow' },
  async ({ signUp, line, file, tolerate }) => {
    tolerate(lost)
    const ann = await signUp('ann')
    const { page } = ann
    const uploads = begun(page)
    const path = await file('film.bin', some)
    line.limit(6_000_000)
    const from = line.sent()
    await attach(page, path)
    await reaches(page, 20)
    const pause = page.getByRole('button', { name: 'Pause film.bin' })
    await pause.focus()
    await page.keyboard.press('Enter')
    const resume = page.getByRole('button', { name: 'Resume film.bin' })
    await expect(resume).toBeFocused()
    await expect(tiles(page)).toContainText(/Paused at \d+/)
    await expect(page.getByRole('status').getByText('film.bin is paused')).toBeAttached()
    await isAccessible(page, 'an upload that is paused')
    await box(page).fill('Here it is')
    await page.reload()
    await expect(tiles(page)).toContainText(/Paused at \d+/)
    await box(page).press('Enter')
    const row = page.getByRole('article').filter({ hasText: 'Here it is' })
    await expect(row).toContainText('This message waits until the upload is resumed.')
    await isAccessible(page, 'a message that waits for an upload that is paused')
    await row.getByRole('button', { name: 'Resume film.bin' }).click()
    await reaches(page, 60)
    await page.reload()
    await expect(row).toHaveAttribute('data-id', /^\d+$/, { timeout: 30_000 })
    await expect(row.getByRole('button', { name: 'Download film.bin' })).toBeVisible()
    expect(line.sent() - from).toBeLessThanOrEqual(some + mostAgain + besides)
    expect(uploads).toHaveLength(1)
  },
)

test('cancel deletes what the server has of it', async ({
  signUp,
  parley,
  line,
  file,
  sql,
  tolerate,
}) => {
  tolerate(lost)
  const { page } = await signUp('ann')
  const name = `cancelled-${process.pid}.bin`
  const path = await file(name, some)
  const rows = () =>
    sql(`select 1 from files f join file_uploads u on u.file_id = f.id where name = $1`, [name])
  line.limit(4_000_000)
  await attach(page, path)
  await reaches(page, 5)
  expect(await rows()).toHaveLength(1)
  const ended = page.waitForEvent('requestfailed', {
    predicate: (request) => request.method() === 'PATCH',
    timeout: 1_000,
  })
  await page.getByRole('button', { name: `Cancel ${name}` }).click()
  await ended
  await expect(tiles(page)).toHaveCount(0)
  await expect.poll(rows).toEqual([])
  await expect.poll(() => readdir(join(parley.dataDir, 'files', 'uploads'))).toEqual([])
  await expect(page.getByRole('status').getByText(`${name} is uploaded`)).toHaveCount(0)
})

test(
  'a file that one tab uploads is no other tab’s to send, until that tab is closed',
  { tag: '@slow' },
  async ({ signUp, line, file, tolerate }) => {
    tolerate(lost)
    const ann = await signUp('ann')
    const uploads = begun(ann.page)
    const path = await file('film.bin', some)
    line.limit(4_000_000)
    const from = line.sent()
    await attach(ann.page, path)
    await reaches(ann.page, 5)
    const other = await ann.tab()
    await ann.send('Here it is')
    const row = other.page.getByRole('article').filter({ hasText: 'Here it is' })
    await expect(row).toContainText('Uploading film.bin')
    await reaches(ann.page, 40)
    await ann.page.close()
    await reaches(other.page, 60)
    await expect(row).toHaveAttribute('data-id', /^\d+$/, { timeout: 30_000 })
    await expect(row.getByRole('button', { name: 'Download film.bin' })).toBeVisible()
    expect(line.sent() - from).toBeLessThanOrEqual(some + mostAgain + besides)
    expect(uploads).toHaveLength(1)
  },
)

test('a session that ends, an upload that is forgotten and a full quota are met in the middle', async ({
  signUp,
  file,
  sql,
  tolerate,
}) => {
  tolerate(lost)
  const ann = await signUp('ann')
  const { page } = ann
  const uploads = begun(page)
  const path = await file('film.bin', 17_000_000)
  let chunks = 0
  await page.route('**/api/uploads/*', async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue()
    chunks++
    if (chunks === 2) return route.fulfill(problem(401, 'not_signed_in'))
    // It is gone on the server.
    if (chunks === 4) await sql(`delete from files where name = 'film.bin' and state = 'pending'`)
    return route.continue()
  })
  await attach(page, path)
  await ann.send('Here it is')
  const row = page.getByRole('article').filter({ hasText: 'Here it is' })
  await acknowledged(row)
  await expect(row.getByRole('button', { name: 'Download film.bin' })).toBeVisible()
  expect(uploads).toHaveLength(2)
  // The first three, the second once more, of the second upload all three.
  expect(chunks).toBe(7)

  await page.route('**/api/uploads', (route) => route.fulfill(problem(413, 'quota_exceeded')))
  await attach(page, path)
  await expect(tiles(page).getByRole('alert')).toContainText(
    'There is no room left for your files.',
  )
})

test(
  'a file that changes on the disk meanwhile is sent as it was chosen',
  { tag: '@slow' },
  async ({ clientOf, parley, line, file }, info) => {
    // A window that is to leave nothing behind keeps no copies.
    const context = await browser.launchPersistentContext(info.outputPath('profile'), {
      ...reader,
      executablePath: chromium,
      args: flags,
      baseURL: parley.url,
    })
    const name = `ann-${process.pid}-disk`
    const page = await context.newPage()
    const email = `${name}@example.org`
    const ann = await signUpOn(page, { name, email, workspace: 'Acme' })
    const path = await file('notes.bin', some)
    const digest = await digestAt(path)
    line.limit(6_000_000)
    await attach(page, path)
    await ann.send('Here it is')
    await reaches(page, 10)
    await writeFile(path, 'something else')
    const row = page.getByRole('article').filter({ hasText: 'Here it is' })
    await expect(row).toHaveAttribute('data-id', /^\d+$/, { timeout: 30_000 })
    expect(await digestOf(await clientOf(ann), page, parley.url)).toBe(digest)
    await context.close()
  },
)
