/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Locator, Page } from '@playwright/test'
import { dialogs } from './a11y-layers.ts'
import { menus, popups } from './a11y-popups.ts'
import { newest, openBusy, walk } from './a11y-states.ts'
import { test } from './a11y-world.ts'
import { expect } from './fixtures.ts'
import { watchMotion } from './motion.ts'
import { row } from './places.ts'

// Each walks through many states.
test.describe.configure({ timeout: 120_000 })

const style = (of: Locator, property: string, pseudo = ''): Promise<string> =>
  of.evaluate(
    (element, [property, pseudo]) =>
      getComputedStyle(element, pseudo === '' ? null : pseudo).getPropertyValue(property),
    [property, pseudo] as const,
  )

/** What a colour of the system is here. */
const system = (page: Page, name: string): Promise<string> =>
  page.evaluate((name) => {
    const probe = document.createElement('span')
    probe.style.color = name
    probe.style.setProperty('forced-color-adjust', 'none')
    document.body.append(probe)
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  }, name)

test('in forced colours, what is chosen, focused, new and mentioned is told apart', async ({
  world,
}) => {
  const { page } = world
  await page.emulateMedia({ forcedColors: 'active' })
  await openBusy(world)
  const [canvas, text, highlight] = await Promise.all(
    ['Canvas', 'CanvasText', 'Highlight'].map((name) => system(page, name)),
  )
  // The channel that is open has a frame, others have none.
  await expect(row(page, 'busy')).toHaveCSS('border-top-width', '2px')
  await expect(row(page, 'busy')).toHaveCSS('border-top-color', highlight ?? '')
  await expect(row(page, 'general')).toHaveCSS('border-top-width', '0px')

  // The bar of a mention shows, that of other messages does not.
  const mention = page.getByRole('article').filter({ hasText: 'Have a look' })
  await expect(mention).toHaveCSS('border-inline-start-color', highlight ?? '')
  await expect(mention).toHaveCSS('border-inline-start-style', 'solid')
  await expect(newest(page)).toHaveCSS('border-inline-start-color', canvas ?? '')

  const line = page.getByRole('separator', { name: 'New messages' })
  await expect(line).toHaveText('New')
  expect(await style(line, 'border-block-start-style', '::before')).toBe('solid')
  expect(await style(line, 'border-block-start-color', '::before')).not.toBe(canvas)

  // Who is there is a disc, who is not a ring, in the colour of text.
  const side = page.getByRole('complementary', { name: 'Channels' })
  const marks = {
    there: side.locator('footer svg.is-online'),
    gone: side.locator('svg.is-offline'),
  }
  for (const mark of Object.values(marks)) await expect(mark).toHaveCSS('color', text ?? '')
  await expect(marks.there.locator('circle')).toHaveAttribute('fill', 'currentColor')
  await expect(marks.gone.locator('circle')).toHaveAttribute('fill', 'none')

  await page.keyboard.press('F6')
  await page.keyboard.press('Tab')
  const focused = page.locator(':focus')
  await expect(focused).toHaveCSS('outline-style', 'solid')
  await expect(focused).toHaveCSS('outline-width', '2px')
  expect(await style(focused, 'outline-color')).not.toBe(canvas)
  await expect(row(page, 'Lunch').locator('.dot, .badge')).toHaveCSS('border-top-style', 'solid')
})

test(
  'in forced colours, all that lies over the page has a frame',
  { tag: '@slow' },
  async ({ world }) => {
    const { page } = world
    await page.emulateMedia({ forcedColors: 'active' })
    await openBusy(world)
    let framed = 0
    await walk(world, [...dialogs, ...menus, ...popups], async ({ name }) => {
      const borders = await page.evaluate(() =>
        [
          ...document.querySelectorAll(
            'dialog[open], [role=menu], [role=toolbar], .list, .toast, .tip',
          ),
        ]
          .filter((layer) => layer.checkVisibility())
          .map((layer) => `${layer.className}: ${getComputedStyle(layer).borderTopStyle}`),
      )
      expect
        .soft(
          borders.filter((border) => !border.endsWith('solid')),
          name,
        )
        .toEqual([])
      framed += borders.length
    })
    expect(framed).toBeGreaterThan(20)
  },
)

test('with less motion nothing moves', { tag: '@slow' }, async ({ world }) => {
  const { page } = world
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const moves = await watchMotion(page)
  await openBusy(world)
  await walk(world, [...dialogs, ...menus, ...popups], async () => undefined)
  await page.getByRole('button', { name: 'Channels', exact: true }).click()
  expect(await moves()).toEqual([])
})

test('else a dialog comes in', async ({ world }) => {
  const moves = await watchMotion(world.page)
  await openBusy(world)
  await walk(world, dialogs.slice(0, 1), async () => undefined)
  expect(await moves()).toContainEqual(expect.stringMatching(/^translate of dialog/))
})
