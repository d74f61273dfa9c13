/// <reference lib="dom" />
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isAccessible } from './a11y-checks.ts'
import {
  attach,
  begun,
  besides,
  box,
  digestAt,
  digestOf,
  lost,
  mostAgain,
  reaches,
  some,
  test,
  tiles,
} from './files-line.ts'
import { progress, watchProgress } from './files-world.ts'
import { acknowledged, expect } from './fixtures.ts'
import { createChannel } from './places.ts'

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
    expect(seen.length).toBeGreaterThan(5)
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
