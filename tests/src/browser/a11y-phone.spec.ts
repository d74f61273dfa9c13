/// <reference lib="dom" />
import type { BrowserContextOptions, CDPSession, Locator, Page } from '@playwright/test'
import { dialogs } from './a11y-layers.ts'
import { places } from './a11y-places.ts'
import { menus, popups } from './a11y-popups.ts'
import { composer, newest, openBusy, walk } from './a11y-states.ts'
import { type World, test } from './a11y-world.ts'
import { fits } from './fits.ts'
import { expect } from './fixtures.ts'
import { signInOn } from './person.ts'
import { areLargeEnough } from './targets.ts'

// Each walks through many states.
test.describe.configure({ timeout: 120_000 })

const phone = (width: number, height: number): BrowserContextOptions => ({
  viewport: { width, height },
  hasTouch: true,
  isMobile: true,
})

/** The same world, on Ann's phone. */
async function onPhone(
  world: World,
  device: (options: BrowserContextOptions) => Promise<{ newPage(): Promise<Page> }>,
  options: BrowserContextOptions,
): Promise<World> {
  const page = await (await device(options)).newPage()
  await signInOn(page, world.ann.name, world.ann.email)
  return { ...world, page }
}

async function touch(session: CDPSession, of: Locator): Promise<void> {
  await of.scrollIntoViewIfNeeded()
  const box = await of.boundingBox()
  const x = (box?.x ?? 0) + 120
  const y = (box?.y ?? 0) + (box?.height ?? 0) / 2
  // A list that scrolls takes no pointer.
  const isOn = (element: Element, at: readonly [number, number]) =>
    element.contains(document.elementFromPoint(...at))
  await expect.poll(() => of.evaluate(isOn, [x, y] as const)).toBe(true)
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] })
}

for (const [width, height] of [
  [390, 844],
  [320, 640],
] as const) {
  test(
    `on a phone of ${width}x${height} all fits, and is large enough for a finger`,
    { tag: '@slow' },
    async ({ world, device, tolerate }) => {
      tolerate(/404/)
      const mine = await onPhone(world, device, phone(width, height))
      const { page, paths } = mine
      const look = async ({ name }: { name: string }) => {
        await areLargeEnough(page, name)
        await fits(page, name)
      }
      await walk(mine, places, look)
      await page.goto(paths.list)
      await walk(mine, menus, look)
      await openBusy(mine)
      await walk(mine, [...dialogs, ...popups], look)
    },
  )

  test(`on a phone of ${width}x${height} a long press opens what can be done, as a sheet`, async ({
    world,
    device,
  }) => {
    const mine = await onPhone(world, device, phone(width, height))
    const { page } = mine
    await openBusy(mine)
    const session = await page.context().newCDPSession(page)
    const own = page.getByRole('article').filter({ hasText: 'What I said myself' })
    await touch(session, own)
    const sheet = page.getByRole('dialog', { name: 'Message actions' })
    await expect(sheet).toMatchAriaSnapshot(`
      - dialog "Message actions":
        - list:
          - listitem:
            - button "Edit"
          - listitem:
            - button "Mark unread from here"
          - listitem:
            - button "Copy link"
          - listitem:
            - button "Delete"
    `)
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    await expect(sheet).toBeVisible()
    await areLargeEnough(page, 'the sheet')
    await expect
      .poll(async () => {
        const box = await sheet.boundingBox()
        return Math.round((box?.y ?? 0) + (box?.height ?? 0))
      })
      .toBe(height)
    await sheet.getByRole('button', { name: 'Edit' }).tap()
    await expect(composer(page)).toHaveValue('What I said myself')
  })

  test(`on a phone of ${width}x${height} the newest message stays above what one writes`, async ({
    world,
    device,
  }) => {
    const mine = await onPhone(world, device, phone(width, height))
    const { page } = mine
    await openBusy(mine)
    const room = async () => {
      const [message, box] = [await newest(page).boundingBox(), await composer(page).boundingBox()]
      const over = (box?.y ?? 0) - (message?.y ?? 0) - (message?.height ?? 0)
      const under = page.viewportSize()?.height ?? 0
      return { over: over >= 0, whole: (box?.y ?? 0) + (box?.height ?? 0) <= under }
    }
    await page
      .getByRole('button', { name: /^Jump to latest/ })
      .or(newest(page))
      .first()
      .tap()
    await expect.poll(room).toEqual({ over: true, whole: true })
    // As where the keyboard takes its room.
    await composer(page).tap()
    await page.setViewportSize({ width, height: height - 280 })
    await expect.poll(room).toEqual({ over: true, whole: true })
    await expect(newest(page)).toBeInViewport({ ratio: 1 })
    await composer(page).fill('one\ntwo\nthree\nfour')
    await expect.poll(room).toEqual({ over: true, whole: true })
    await expect(newest(page)).toBeInViewport({ ratio: 1 })
  })
}
