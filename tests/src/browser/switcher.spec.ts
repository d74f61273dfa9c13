import type { Page } from '@playwright/test'
import { crowdAround } from '../stack/crowd.ts'
import { leaveNothing } from './cache.ts'
import { expect, test } from './fixtures.ts'
import { title, workspaceOf } from './places.ts'

const half = 2_500
const numbers = Array.from({ length: half }, (_, n) => n + 1)

const box = (page: Page) => page.getByRole('combobox', { name: 'Jump to…' })
const options = (page: Page) => page.getByRole('listbox', { name: 'Results' }).getByRole('option')
const composer = (page: Page) => page.getByRole('textbox', { name: /^Message / })

/** Waits until what is listed is what was typed for, and gives the number of each. */
async function found(page: Page, query: string, each: RegExp): Promise<number[]> {
  await box(page).fill(query)
  await expect(options(page).first()).toHaveText(each)
  const texts = await options(page).allTextContents()
  const wrong = texts.filter((text) => !each.test(text))
  expect([query, wrong]).toEqual([query, []])
  return texts.map((text) => Number(/-(\d+)/.exec(text)?.[1]))
}

test(
  'among 5,000 channels and people the switcher finds what was meant, and lists at most 50',
  { tag: '@slow' },
  async ({ signUp, clientOf, parley }) => {
    const ann = await signUp('ann')
    const { page } = ann
    const workspace = workspaceOf(page)
    const place = page.url()
    // The crowd comes past the log: who goes on from what was kept does not hear of it.
    await leaveNothing(page)
    const { me } = await (await clientOf(ann)).getBootstrap()
    await crowdAround(parley.databaseUrl(), { workspace, readerId: me.id }, half, half)
    await page.goto(place)

    await composer(page).fill('half a sentence')
    await page.keyboard.press('Home')
    for (let n = 0; n < 4; n++) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Control+k')
    await expect(box(page)).toBeFocused()
    await expect(options(page)).toHaveCount(50)

    // How a name begins, also without its accents and in other case.
    expect(await found(page, 'release-b', /^release-berlin-\d+/)).toHaveLength(50)
    expect(await found(page, 'CAFE-B', /^café-berlin-\d+/)).toHaveLength(50)
    // The whole of a name comes before those that only begin so, and those before guesses.
    const begins = numbers.filter((n) => n % 12 === 0 && String(n).startsWith('12'))
    const releases = await found(page, 'release-berlin-12', /^release-berlin-/)
    expect(releases.slice(0, begins.length)).toEqual(begins)
    // How a word in the middle of a name begins.
    const middle = numbers.filter((n) => n % 7 === 3 && String(n).startsWith('24'))
    const okafors = await found(page, 'okafor-24', /Okafor-/)
    expect(okafors.slice(0, middle.length).toSorted((a, b) => a - b)).toEqual(middle)
    // What the letters may have meant.
    expect(await found(page, 'relse-brlin', /^release-berlin-\d+/)).toHaveLength(50)

    // Each limit has its own.
    expect(await found(page, '#equipe', /^équipe-/)).toHaveLength(50)
    expect(await found(page, '@agnes', /Ágnes \S+-\d+$/)).toHaveLength(50)
    await box(page).fill('@equipe-lima')
    await expect(options(page)).toHaveCount(0)
    await box(page).fill('>sett')
    await expect(options(page).first()).toHaveText('Settings')
    await box(page).fill('zzqx')
    await expect(options(page)).toHaveCount(0)
    await expect(page.getByRole('status').filter({ hasText: '0 results' })).toBeVisible()

    await page.keyboard.press('Escape')
    await expect(box(page)).toHaveCount(0)
    await expect(composer(page)).toBeFocused()
    await page.keyboard.type('X')
    await expect(composer(page)).toHaveValue('halfX a sentence')

    // The last of all, and somebody with whom there was no chat.
    await page.keyboard.press('Control+k')
    await found(page, `design-lima-${half - 1}`, /^design-lima-2499/)
    await found(page, '@silva-12', /Silva-/)
    const [first = ''] = await options(page).allTextContents()
    const [name = ''] = /\S+ Silva-12\d*/.exec(first) ?? []
    await page.keyboard.press('Enter')
    await expect(title(page)).toHaveText(name)
  },
)
