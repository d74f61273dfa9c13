/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from '@playwright/test'
import { type Drift, drift, frames } from './drift.ts'
import { type Person, expect, test } from './fixtures.ts'
import { article, fromEnd, list, scrollBy, worldOf } from './list-world.ts'

const still: Drift = { worst: 0, lost: 0 }
const text = (n: number) => `message ${n}\n`.repeat(1 + (n % 5)) + `end ${n}`

/** The message at the top of the screen, and how far below the edge it begins. */
const atTop = (page: Page) =>
  list(page).evaluate((box) => {
    const { top } = box.getBoundingClientRect()
    const found = [...box.querySelectorAll('article')].find(
      (one) => one.getBoundingClientRect().bottom > top + 1,
    )
    return { id: found?.dataset['id'], offset: (found?.getBoundingClientRect().top ?? 0) - top }
  })

async function inTheMiddle(reader: Person, path: string): Promise<void> {
  const { page } = reader
  await page.goto(path)
  await expect(article(page, 'end 399')).toBeVisible()
  await list(page).hover()
  for (let n = 0; n < 6; n++) {
    await page.mouse.wheel(0, -800)
    await frames(page)
  }
  await expect(article(page, 'end 399')).not.toBeInViewport()
  await expect(page.getByRole('button', { name: /latest/ })).toBeVisible()
}

test('what is read stays while others edit, delete and write, and one writes elsewhere', async ({
  signUp,
  parley,
}) => {
  const reader = await signUp('ann')
  const { page } = reader
  const { bob, ann, chat, path, say } = await worldOf(parley, reader, 400, text)
  const { messages } = await bob.listMessages({ params: { id: chat }, query: { limit: 100 } })
  await inTheMiddle(reader, path)
  const { id: top } = await atTop(page)
  const place = messages.findIndex(({ id }) => String(id) === top)
  expect(place).toBeGreaterThan(5)
  const above = messages.slice(place - 3, place - 1).map(({ id, content }) => ({ id, content }))
  const [grows, goes] = above

  expect(
    await drift(page, async () => {
      const content = Array.from({ length: 30 }, (_, n) => `grown ${n}`).join('\n')
      const params = { id: chat, message_id: grows?.id ?? 0 }
      await bob.editMessage({ params, body: { content } })
      await expect(page.getByRole('article').filter({ hasText: 'grown 29' })).toHaveCount(1)
    }),
  ).toEqual(still)
  expect(
    await drift(page, async () => {
      await bob.deleteMessage({ params: { id: chat, message_id: goes?.id ?? 0 } })
      await expect(page.locator(`article[data-id="${goes?.id}"]`)).toContainText('was deleted')
    }),
  ).toEqual(still)
  expect(
    await drift(page, async () => {
      for (let n = 0; n < 20; n++) await say(`storm ${n}`)
      await ann.sendMessage({ params: { id: chat }, body: { content: 'mine, elsewhere' } })
      await expect(page.getByRole('button', { name: / 20 new messages/ })).toBeVisible()
    }),
  ).toEqual(still)
  await page.getByRole('button', { name: / 20 new messages/ }).click()
  await expect(article(page, 'mine, elsewhere')).toBeVisible()
  await expect.poll(() => fromEnd(page)).toBeLessThan(2)
})

test('the row at the top stays there when the box grows, and when the window is resized', async ({
  signUp,
  parley,
}) => {
  const reader = await signUp('ann')
  const { page } = reader
  const { path } = await worldOf(parley, reader, 400, text)
  await inTheMiddle(reader, path)
  const box = page.getByRole('textbox', { name: /^Message / })
  const before = await atTop(page)
  expect(
    await drift(page, async () => {
      const height = (await box.boundingBox())?.height ?? 0
      await box.fill('one\ntwo\nthree\nfour\nfive')
      await expect.poll(async () => (await box.boundingBox())?.height).toBeGreaterThan(height * 2)
    }),
  ).toEqual(still)
  expect(await atTop(page)).toEqual(before)
  // Narrower, all rows above are higher or lower than before.
  for (const [width, height] of [
    [820, 720],
    [1280, 500],
    [500, 900],
    [1280, 720],
  ] as const) {
    await page.setViewportSize({ width, height })
    await frames(page)
    await expect
      .poll(async () => (await atTop(page)).id, { message: `${width}x${height}` })
      .toBe(before.id)
  }

  // At the end, the same keeps the end.
  await page.getByRole('button', { name: /latest/ }).click()
  await expect.poll(() => fromEnd(page)).toBeLessThan(2)
  await box.fill('')
  await expect.poll(() => fromEnd(page)).toBeLessThan(2)
  // Nobody empties and fills it within a frame; the page could not tell that from somebody who scrolls.
  await frames(page)
  await box.fill('one\ntwo\nthree\nfour\nfive')
  await expect.poll(() => fromEnd(page)).toBeLessThan(2)
})

test('wheel, keys and thumb bring one page at a time', async ({ signUp, parley }) => {
  const reader = await signUp('ann')
  const { page } = reader
  const { path } = await worldOf(parley, reader, 400, text)
  await page.goto(path)
  await expect(article(page, 'end 399')).toBeVisible()
  const pages = { running: 0, most: 0, asked: new Set<string>() }
  const isPage = (url: string) => /messages\?.*before=/.test(url)
  page.on('request', (request) => {
    if (!isPage(request.url())) return
    pages.most = Math.max(pages.most, ++pages.running)
    expect(pages.asked.has(request.url())).toBe(false)
    pages.asked.add(request.url())
  })
  page.on('requestfinished', (request) => {
    if (isPage(request.url())) pages.running--
  })
  await list(page).hover()
  const ways = [
    () => page.mouse.wheel(0, -1_500),
    () => page.keyboard.press('PageUp'),
    () => scrollBy(page, -3_000),
  ]
  await article(page, 'end 399').focus()
  await expect(async () => {
    for (const way of ways) {
      await way()
      await frames(page)
    }
    await expect(article(page, 'end 0')).toBeVisible({ timeout: 50 })
  }).toPass({ intervals: [10] })
  expect(pages.most).toBe(1)
  expect(pages.asked.size).toBe(7)
})
