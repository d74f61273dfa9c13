import { type Page, expect } from '@playwright/test'
import { frames } from '../../browser/drift.ts'
import { crowdAround } from '../../stack/crowd.ts'
import { type Figure, percentile } from '../figure.ts'
import { watchKeys } from '../page/paint.ts'
import type { Measurement } from '../stage.ts'
import { talkOf } from '../world/talk.ts'

const half = 2_500
/** What begins a name, what is inside of one, what nothing matches, and each of the limits. */
const queries = ['release-b', 'muller', 'okafor 12', 'zzqx', '#cafe', '@agnes', '>set', 'rlsbrln']
const rounds = 3

const box = (page: Page) => page.getByRole('combobox', { name: 'Jump to' })

async function open(page: Page): Promise<void> {
  await page.keyboard.press('Control+k')
  await expect(box(page)).toBeFocused({ timeout: 20_000 })
}

async function query(page: Page, text: string): Promise<void> {
  for (const key of text) {
    await page.keyboard.press(key)
    await frames(page)
  }
}

/** Among 5,000 channels and people: the web client's specification, scenario 16. */
export const switcher: Measurement = {
  name: 'switcher',
  async run({ parley, device }): Promise<Figure[]> {
    const talk = await talkOf(parley)
    await crowdAround(parley.databaseUrl(), talk, half, half)
    const { page } = await device()
    await talk.signIn(page)
    await expect(page.getByRole('textbox', { name: /^Message / })).toBeFocused()
    const openings: number[] = []
    const keys: number[] = []
    // The first of all waits for its code; what a person waits for is the next.
    await open(page)
    const watch = await watchKeys(page)
    const taken = () => watch.evaluate(({ latencies }) => latencies.splice(0))
    for (let round = 0; round < rounds; round++) {
      for (const text of queries) {
        await page.keyboard.press('Escape')
        // Not only hidden: until it is off the page, the key would close what is closed already.
        await expect(page.getByRole('dialog', { includeHidden: true })).toHaveCount(0)
        await taken()
        await open(page)
        openings.push(...(await taken()))
        await query(page, text)
        keys.push(...(await taken()))
      }
    }
    const entries = await page.evaluate(() => document.querySelectorAll('[role=option]').length)
    return [
      {
        name: 'switcher: opening at 5,000 entries, p95',
        measured: percentile(openings, 0.95),
        budget: 50,
        unit: 'ms',
      },
      {
        name: 'switcher: a key at 5,000 entries, p95',
        measured: percentile(keys, 0.95),
        budget: 16,
        unit: 'ms',
      },
      {
        name: 'switcher: results beyond 50',
        measured: Math.max(0, entries - 50),
        budget: 0,
        unit: '',
      },
    ]
  },
}
