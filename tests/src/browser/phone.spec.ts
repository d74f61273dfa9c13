/// <reference lib="dom" />
import type { CDPSession, Page } from '@playwright/test'
import { frames } from './drift.ts'
import { expect, test } from './fixtures.ts'
import { article, fromEnd, list, scrollBy, worldOf } from './list-world.ts'
import { signInOn } from './person.ts'
import { title } from './places.ts'

const phone = (width: number, height: number) =>
  ({ viewport: { width, height }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }) as const

/** What a finger does. */
function finger(session: CDPSession) {
  const tell = (type: 'touchStart' | 'touchMove' | 'touchEnd', x?: number, y?: number) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: x === undefined || y === undefined ? [] : [{ x, y }],
    })
  return {
    press: (x: number, y: number) => tell('touchStart', x, y),
    lift: () => tell('touchEnd'),
    async swipe(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
      await tell('touchStart', ...from)
      for (let part = 1; part <= 10; part++) {
        const at = (n: 0 | 1) => from[n] + ((to[n] - from[n]) * part) / 10
        await tell('touchMove', at(0), at(1))
      }
      await tell('touchEnd')
    },
  }
}

const wide = (page: Page) =>
  page.locator('html').evaluate((root) => root.scrollWidth - root.clientWidth)

for (const [width, height] of [
  [390, 844],
  [320, 640],
] as const) {
  test(
    `on a phone of ${width}x${height} all is done with a finger, and turned round it stays`,
    { tag: '@slow' },
    async ({ signUp, device, parley }) => {
      const person = await signUp('ann')
      const { path, say } = await worldOf(parley, person, 120)
      const context = await device(phone(width, height))
      const { page } = await signInOn(await context.newPage(), person.name, person.email)
      await page.goto(path)
      await expect(article(page, 'message 119')).toBeVisible()
      const touch = finger(await context.newCDPSession(page))
      const channels = page.getByRole('complementary', { name: 'Channels' })

      // In from the edge to the list, and by one level back.
      await touch.swipe([4, 300], [width * 0.7, 310])
      await expect(channels).toBeVisible()
      await expect(page.getByRole('main')).toBeHidden()
      const entry = channels.getByRole('link', { name: 'general' })
      await entry.tap()
      await expect(title(page)).toHaveText('#general')
      await page.goBack()
      await expect(channels).toBeVisible()
      await entry.tap()
      await expect(article(page, 'message 119')).toBeVisible()
      // From elsewhere it is no such swipe.
      await touch.swipe([width / 2, 300], [width - 10, 310])
      await frames(page)
      await expect(channels).toBeHidden()

      // A finger that stays has all that a pointer gets from the toolbar.
      const row = await article(page, 'message 117').boundingBox()
      const spot = { x: (row?.x ?? 0) + 100, y: (row?.y ?? 0) + 10 }
      // The list takes no pointer until it rests.
      const isRow = ({ x, y }: typeof spot) =>
        document.elementFromPoint(x, y)?.closest('article') !== null
      await expect.poll(() => page.evaluate(isRow, spot)).toBe(true)
      await touch.press(spot.x, spot.y)
      const sheet = page.getByRole('dialog', { name: 'Message actions' })
      await expect(sheet).toBeVisible()
      await touch.lift()
      await expect(sheet.getByRole('button')).toHaveText(['Mark unread from here', 'Copy link'])
      for (const button of await sheet.getByRole('button').all())
        expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44)
      await page.keyboard.press('Escape')
      await expect(sheet).toBeHidden()
      await expect(page.getByRole('toolbar')).toHaveCount(0)

      // The keyboard takes room from below.
      const box = page.getByRole('textbox', { name: /^Message / })
      await box.tap()
      await page.setViewportSize({ width, height: height - 280 })
      await expect.poll(() => fromEnd(page)).toBeLessThan(2)
      await expect(article(page, 'message 119')).toBeInViewport()
      await expect(box).toBeInViewport({ ratio: 1 })
      expect(
        await box.evaluate((field) => Number.parseFloat(getComputedStyle(field).fontSize)),
      ).toBeGreaterThanOrEqual(16)
      await box.fill('by thumb')
      await page.getByRole('button', { name: 'Send message' }).tap()
      await expect(article(page, 'by thumb')).toBeInViewport()
      await page.setViewportSize({ width, height })

      // Turned round, at the end and in the middle.
      await page.setViewportSize({ width: height, height: width })
      await expect.poll(() => fromEnd(page)).toBeLessThan(2)
      await expect(article(page, 'by thumb')).toBeInViewport()
      expect(await wide(page)).toBe(0)
      await page.setViewportSize({ width, height })
      await expect.poll(() => fromEnd(page)).toBeLessThan(2)
      // While it still turns, it stays at its end.
      await expect(async () => {
        await scrollBy(page, -2 * height)
        await expect(page.getByRole('button', { name: /latest/ })).toBeVisible({ timeout: 1_000 })
      }).toPass()
      await expect(article(page, 'by thumb')).not.toBeInViewport()
      await say('from below')
      await expect(page.getByRole('button', { name: /1 new message/ })).toBeVisible()
      expect(await wide(page)).toBe(0)
      expect(await list(page).evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0)
    },
  )
}
