import { dialogs } from './a11y-layers.ts'
import { places } from './a11y-places.ts'
import { menus, popups } from './a11y-popups.ts'
import { type State, openBusy, walk } from './a11y-states.ts'
import { type World, test } from './a11y-world.ts'
import { fits, speakLonger } from './fits.ts'
import { expect } from './fixtures.ts'

// Each walks through many states.
test.describe.configure({ timeout: 120_000 })

/** 1280 pixels at 400 %. */
const zoomed = { width: 320, height: 640 }

/** Everything there is, one after the other, on one page. */
async function walkAll(world: World): Promise<void> {
  const { page, paths } = world
  const look = ({ name }: State) => fits(page, name)
  await walk(world, places, look)
  await page.goto(paths.list)
  await walk(world, menus, look)
  await openBusy(world)
  await walk(world, [...dialogs, ...popups], look)
}

test(
  'at 400 % nothing is cut off or scrolls in two directions',
  { tag: '@slow' },
  async ({ world, tolerate }) => {
    tolerate(/404/)
    await world.page.setViewportSize(zoomed)
    await walkAll(world)
  },
)

test('with text of 200 % nothing is cut off', { tag: '@slow' }, async ({ world, tolerate }) => {
  tolerate(/404/)
  await world.page.addInitScript(`new MutationObserver((_, observer) => {
    document.documentElement.style.fontSize = '200%'
    observer.disconnect()
  }).observe(document, { childList: true })`)
  await walkAll(world)
})

// Words that grow after they were drawn move the layout.
const grows = /404|The layout moved/

test(
  'words that are 40 % longer are not cut off',
  { tag: '@slow' },
  async ({ world, tolerate }) => {
    tolerate(grows)
    await speakLonger(world.page)
    await walkAll(world)
  },
)

test('nor are they at 400 %', { tag: '@slow' }, async ({ world, tolerate }) => {
  tolerate(grows)
  await world.page.setViewportSize(zoomed)
  await speakLonger(world.page)
  await walkAll(world)
})

test('what is before signing in fits too', { tag: '@slow' }, async ({ device, tolerate }) => {
  tolerate(grows)
  for (const long of [false, true]) {
    const page = await (await device({ viewport: zoomed })).newPage()
    if (long) await speakLonger(page)
    for (const path of ['/signin', '/signup']) {
      await page.goto(path)
      await page.getByRole('button', { name: /^(Sign in|Create account)/ }).click()
      await expect(page.getByText('Fill this in.').first()).toBeVisible()
      await fits(page, path)
    }
  }
})
