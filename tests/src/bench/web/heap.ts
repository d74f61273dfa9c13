import { expect } from '@playwright/test'
import { title } from '../../browser/places.ts'
import type { Figure } from '../figure.ts'
import { heapMB } from '../page/cdp.ts'
import { loadAll } from '../page/place.ts'
import type { Measurement } from '../stage.ts'
import { talkOf } from '../world/talk.ts'

/** Ten channels, each read from its end to its beginning. */
export const heap: Measurement = {
  name: 'heap',
  async run({ parley, device }): Promise<Figure[]> {
    const talk = await talkOf(parley)
    const rooms = await talk.rooms(10, 200)
    const { page, cdp } = await device()
    await talk.signIn(page)
    for (const { name } of rooms) {
      await page.getByRole('link', { name }).click()
      await expect(title(page)).toHaveText(`#${name}`)
      await expect(page.getByRole('article').first()).toBeVisible()
      await loadAll(page)
    }
    const measured = await heapMB(cdp)
    return [{ name: 'heap: 10 channels of 200 messages', measured, budget: 40, unit: 'MB' }]
  },
}
