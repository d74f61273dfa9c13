/// <reference lib="dom" />
import { writeFile } from 'node:fs/promises'
import { chromium as browser } from '@playwright/test'
import { chromium, flags, reader } from './chromium.ts'
import {
  attach,
  begun,
  besides,
  digestAt,
  digestOf,
  lost,
  mostAgain,
  reaches,
  some,
  test,
  tiles,
} from './files-line.ts'
import { acknowledged, expect } from './fixtures.ts'
import { problem } from './own-messages.ts'
import { password, signUpOn } from './person.ts'

test('a token that is refused, an upload that is forgotten and a full quota are met in the middle', async ({
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
    const email = `${name}@example.org`
    const ann = await signUpOn(context, { name, email, workspace: 'Acme' })
    const { page } = ann
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

test(
  'an upload whose session ends goes on with the next one, from where it was',
  { tag: '@slow' },
  async ({ signUp, line, file, sql, tolerate }) => {
    tolerate(/401|ERR_/)
    const ann = await signUp('ann')
    const { page } = ann
    const uploads = begun(page)
    const path = await file('film.bin', some)
    line.limit(6_000_000)
    const from = line.sent()
    await attach(page, path)
    await ann.send('Here it is')
    await reaches(page, 10)
    await sql(
      'update sessions set revoked_at = now() where user_id = (select id from users where email = $1)',
      [ann.email],
    )
    const dialog = page.getByRole('dialog', { name: 'Sign in again' })
    await expect(dialog).toBeVisible()
    const row = page.getByRole('article').filter({ hasText: 'Here it is' })
    await expect(row).toContainText('Waiting to upload')
    await dialog.getByLabel('Password', { exact: true }).fill(password)
    await page.keyboard.press('Enter')
    await expect(row).toHaveAttribute('data-id', /^\d+$/, { timeout: 30_000 })
    await expect(row.getByRole('button', { name: 'Download film.bin' })).toBeVisible()
    expect(line.sent() - from).toBeLessThanOrEqual(some + mostAgain + besides)
    expect(uploads).toHaveLength(1)
  },
)
