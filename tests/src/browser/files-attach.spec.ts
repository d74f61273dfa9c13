/// <reference lib="dom" />
import type { Page } from '@playwright/test'
import { isAccessible } from './a11y-checks.ts'
import { type Made, choose, made, pictured } from './files-world.ts'
import { acknowledged, expect, test } from './fixtures.ts'
import { failedRequests } from './own-messages.ts'
import { colours, png } from './pictures.ts'
import { createChannel } from './places.ts'

const uploadPath = '**/api/upload'
const box = (page: Page) => page.getByRole('textbox', { name: /^Message / })
const tiles = (page: Page) => page.getByRole('list', { name: 'Attached files' })
const send = (page: Page) => page.getByRole('button', { name: 'Send message' })
const last = (page: Page) => page.getByRole('article').last()
const picture = (name: string, n = 0): Made => made(name, png(120, 80, colours[n] ?? colours[0]))

/** What the page asks for the limits, after it has asked where the stream is. */
const limitsKnown = (page: Page) =>
  expect
    .poll(() =>
      page.evaluate(
        () =>
          performance
            .getEntriesByType('resource')
            .filter(({ name, duration }) => name.endsWith('/api/instance') && duration > 0).length,
      ),
    )
    .toBe(2)

/** Has files arrive as by a paste or a drop: a page cannot be given the real ones. */
const arrive = (page: Page, how: 'paste' | 'drop', files: readonly Made[]) =>
  page.evaluate(
    ({ how, files }) => {
      const data = new DataTransfer()
      for (const { name, mime, bytes } of files)
        data.items.add(
          new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name, { type: mime }),
        )
      const target = document.querySelector('#composer') ?? document.body
      const init = { bubbles: true, cancelable: true }
      if (how === 'paste')
        return void target.dispatchEvent(
          new ClipboardEvent('paste', { ...init, clipboardData: data }),
        )
      for (const type of ['dragenter', 'dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(type, { ...init, dataTransfer: data }))
    },
    {
      how,
      files: files.map(({ name, mime, bytes }) => ({
        name,
        mime,
        bytes: bytes.toString('base64'),
      })),
    },
  )

test('a picture is sent by button, by paste and by drop, and the other person has it at once', async ({
  signUp,
  invite,
}) => {
  const bob = await signUp('bob')
  const ann = await signUp('ann', { invite: await invite(bob) })
  const { page } = ann
  await choose(ann, [picture('button.png', 0)])
  await expect(tiles(page).getByRole('listitem')).toContainText('button.png')
  await expect(tiles(page).locator('img')).toBeVisible()
  await send(page).click()
  await expect(tiles(page)).toHaveCount(0)
  await expect(last(bob.page).getByRole('button', { name: 'Open button.png' })).toBeVisible()
  await expect.poll(() => pictured(last(bob.page))).toBe(true)

  await arrive(page, 'paste', [picture('paste.png', 1)])
  await box(page).fill('Pasted')
  await box(page).press('Enter')
  await expect(last(bob.page)).toContainText('Pasted')
  await expect(last(bob.page).getByRole('button', { name: 'Open paste.png' })).toBeVisible()

  await arrive(page, 'drop', [picture('one.png', 2), picture('two.png', 3)])
  await expect(tiles(page).getByRole('listitem')).toHaveCount(2)
  await send(page).click()
  await expect(last(bob.page).getByRole('button', { name: /^Open (?:one|two).png/ })).toHaveCount(2)
  await expect.poll(() => pictured(last(bob.page))).toBe(true)
  await expect(page.getByRole('article')).toHaveCount(3)
})

test('a picture of one’s own has its shape from the first moment, and keeps it', async ({
  signUp,
}) => {
  const { page } = await signUp('ann')
  const gate = Promise.withResolvers<void>()
  await page.route(uploadPath, async (route) => {
    await gate.promise
    await route.continue()
  })
  await expect(page.getByRole('button', { name: 'Attach files' })).toBeVisible()
  await arrive(page, 'paste', [made('wide.png', png(300, 60, colours[0]))])
  await expect(tiles(page).locator('img')).toBeVisible()
  await box(page).fill('Wide')
  await box(page).press('Enter')
  const shown = last(page).getByRole('button', { name: 'Open wide.png' })
  const size = async () => {
    const { width = 0, height = 0 } = (await shown.boundingBox()) ?? {}
    return [width, height]
  }
  await expect.poll(size).toEqual([300, 60])
  gate.resolve()
  await acknowledged(last(page))
  expect(await size()).toEqual([300, 60])
})

test('files over the window say where they go, and too large or too many are refused before', async ({
  signUp,
  tolerate,
}) => {
  // The box grows by what no hand did.
  tolerate(/layout moved.*composer/)
  const ann = await signUp('ann')
  const { page } = ann
  await expect(page.getByRole('button', { name: 'Attach files' })).toBeVisible()
  await page.evaluate(() => {
    const data = new DataTransfer()
    data.items.add(new File(['x'], 'x.txt'))
    document.body.dispatchEvent(
      new DragEvent('dragenter', { bubbles: true, cancelable: true, dataTransfer: data }),
    )
  })
  await expect(page.getByText('Drop files to attach them to #general')).toBeVisible()
  await page.evaluate(() => {
    const data = new DataTransfer()
    data.items.add(new File(['x'], 'x.txt'))
    document.body.dispatchEvent(new DragEvent('dragleave', { bubbles: true, dataTransfer: data }))
  })
  await expect(page.getByText('Drop files to attach them to #general')).toHaveCount(0)

  await limitsKnown(page)
  const uploads: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/api/upload')) uploads.push(request.url())
  })
  // No bytes are made for it: what counts is what the browser says of its size.
  await page.evaluate(() => {
    const data = new DataTransfer()
    data.items.add(new File([new Uint8Array(101 * 1024 ** 2)], 'film.mov'))
    document.body.dispatchEvent(
      new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }),
    )
  })
  await expect(
    page.getByText('film.mov is too large. A file can have at most 100 MB.'),
  ).toBeVisible()
  await arrive(
    page,
    'drop',
    Array.from({ length: 11 }, (_, n) => made(`${n}.txt`, `${n}`, 'text/plain')),
  )
  await expect(page.getByText('A message can have at most 10 files.')).toBeVisible()
  await expect(tiles(page).getByRole('listitem')).toHaveCount(10)
  expect(uploads.length).toBeLessThanOrEqual(10)
})

test('what is attached before the page knows the limits goes with the message, and what is too large is taken out then', async ({
  signUp,
}) => {
  const ann = await signUp('ann', { expects: failedRequests })
  const { page } = ann
  const held = Promise.withResolvers<void>()
  let asked = 0
  await page.route('**/api/instance', async (route) => {
    asked++
    await held.promise
    await route.continue()
  })
  await page.reload()
  // Where the stream is, is known from before.
  await expect.poll(() => asked).toBe(1)
  await choose(ann, [made('early.txt', 'early', 'text/plain')])
  await ann.send('With it')
  await expect(last(page)).toContainText('early.txt')
  await expect(last(page)).toHaveAttribute('data-id', /\d+/)
  await page.evaluate(() => {
    const data = new DataTransfer()
    data.items.add(new File([new Uint8Array(101 * 1024 ** 2)], 'film.mov'))
    document.body.dispatchEvent(
      new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }),
    )
  })
  await expect(tiles(page).getByRole('listitem')).toContainText('film.mov')
  held.resolve()
  await expect(
    page.getByText('film.mov is too large. A file can have at most 100 MB.'),
  ).toBeVisible()
  await expect(tiles(page)).toHaveCount(0)
})

test('by keys alone a file is attached, taken out and sent, and it is told', async ({ signUp }) => {
  const ann = await signUp('ann')
  const { page } = ann
  const chooser = page.waitForEvent('filechooser')
  const attach = page.getByRole('button', { name: 'Attach files' })
  await expect(attach).toBeVisible()
  await box(page).focus()
  await page.keyboard.press('Shift+Tab')
  await expect(attach).toBeFocused()
  const files = ['keep.txt', 'drop.txt'].map((name) => ({
    name,
    mimeType: 'text/plain',
    buffer: Buffer.from(name),
  }))
  await page.keyboard.press('Enter')
  await (await chooser).setFiles(files)
  await expect(tiles(page).getByRole('listitem')).toHaveCount(2)
  await expect(
    page
      .getByRole('status')
      .getByText(/uploaded|uploads go on/)
      .first(),
  ).toBeAttached()
  await expect(box(page)).toBeFocused()
  await isAccessible(page, 'files that are attached')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Shift+Tab')
  await expect(page.getByRole('button', { name: 'Remove drop.txt' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(tiles(page).getByRole('listitem')).toHaveCount(1)
  await expect(box(page)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(last(page)).toContainText('keep.txt')
  await expect(last(page).getByRole('button', { name: 'Download keep.txt' })).toBeVisible()
  await expect(last(page)).toHaveAccessibleDescription(/1 file: keep.txt/)
})

test(
  'a message waits for its files while others go on, and one that fails loses no text',
  { tag: '@slow' },
  async ({ signUp, invite }) => {
    const bob = await signUp('bob')
    const ann = await signUp('ann', { invite: await invite(bob), expects: failedRequests })
    const { page } = ann
    let broken = true
    await page.route(uploadPath, async (route) =>
      broken ? route.abort('connectionreset') : route.continue(),
    )
    await choose(ann, [picture('late.png')])
    await box(page).fill('Here it is')
    await box(page).press('Enter')
    const row = page.getByRole('article').filter({ hasText: 'Here it is' })
    await expect(row.getByRole('alert')).toContainText('late.png was not uploaded.', {
      timeout: 40_000,
    })
    await ann.send('Meanwhile')
    await expect(bob.page.getByRole('article')).toContainText(['Meanwhile'])
    await isAccessible(page, 'a message whose file failed')
    broken = false
    await row.getByRole('button', { name: 'Try again: late.png' }).click()
    await expect(last(bob.page)).toContainText('Here it is')
    await expect(last(bob.page).getByRole('button', { name: 'Open late.png' })).toBeVisible()
    await expect(row.getByRole('alert')).toHaveCount(0)
  },
)

test('what failed can be taken out, and the text goes without it', async ({ signUp }) => {
  const ann = await signUp('ann', { expects: failedRequests })
  const { page } = ann
  await page.route(uploadPath, (route) => route.abort('connectionreset'))
  await choose(ann, [picture('never.png')])
  await ann.send('Only this')
  const row = page.getByRole('article').filter({ hasText: 'Only this' })
  await row.getByRole('button', { name: 'Remove never.png' }).click()
  await expect(row.getByRole('list', { name: 'Attached files' })).toHaveCount(0)
  await expect(row).toHaveAttribute('data-id', /\d+/)
  await expect(row.getByRole('button', { name: 'Open never.png' })).toHaveCount(0)
})

test('what is attached and written outlasts other chats and a reload', async ({ signUp }) => {
  const ann = await signUp('ann', { expects: failedRequests })
  const { page } = ann
  await createChannel(page, 'lunch')
  const held = Promise.withResolvers<void>()
  await page.route(uploadPath, async (route) => {
    await held.promise
    await route.continue().catch(() => undefined)
  })
  await choose(ann, [picture('a.png'), made('b.txt', 'b', 'text/plain')])
  await box(page).fill('Not yet')
  await ann.open('general')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('#general')
  await expect(tiles(page)).toHaveCount(0)
  await expect(page.getByRole('link', { name: /lunch.*draft/s })).toBeVisible()
  await ann.send('Elsewhere')
  await ann.open('lunch')
  await expect(tiles(page).getByRole('listitem')).toHaveCount(2)
  await expect(tiles(page).getByRole('progressbar')).toHaveCount(2)
  held.resolve()
  await expect(tiles(page).getByRole('progressbar')).toHaveCount(0)
  await page.reload()
  await expect(box(page)).toHaveValue('Not yet')
  await expect(tiles(page).getByRole('listitem')).toHaveCount(2)
  await box(page).press('Enter')
  await expect(last(page).getByRole('button', { name: 'Open a.png' })).toBeVisible()
  await expect(last(page)).toContainText('b.txt')
  await page.reload()
  await expect(last(page)).toContainText('b.txt')
  await expect(tiles(page)).toHaveCount(0)
})

test('an upload that a reload broke off begins again, and a message with files waits for the connection', async ({
  signUp,
}) => {
  const ann = await signUp('ann', { expects: failedRequests })
  const { page } = ann
  const context = page.context()
  await context.route(uploadPath, () => undefined)
  await choose(ann, [picture('again.png')])
  await expect(tiles(page).getByRole('progressbar')).toBeVisible()
  await page.reload()
  await expect(tiles(page).getByRole('listitem')).toContainText('again.png')
  await context.unroute(uploadPath)
  await page.reload()
  await expect(tiles(page).getByRole('listitem')).toContainText('again.png')
  await expect(tiles(page)).not.toContainText('Waiting')
  await expect(tiles(page).getByRole('progressbar')).toHaveCount(0)
  // All that shows it is there before the line is cut.
  const loaded = () =>
    performance.getEntriesByType('resource').some(({ name }) => name.includes('/LightBox-'))
  await expect.poll(() => page.evaluate(loaded)).toBe(true)
  await context.setOffline(true)
  await choose(ann, [made('offline.txt', 'offline', 'text/plain')])
  await expect(tiles(page)).toContainText('offline.txt')
  await ann.send('Both')
  await expect(last(page)).toContainText('Waiting to upload')
  await context.setOffline(false)
  await expect(last(page)).toHaveAttribute('data-id', /\d+/)
  await expect(last(page).getByRole('button', { name: 'Open again.png' })).toBeVisible()
  await expect(last(page)).toContainText('offline.txt')
})
