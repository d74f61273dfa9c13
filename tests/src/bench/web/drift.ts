/// <reference lib="dom" />
import { expect } from '@playwright/test'
import { drift, frames } from '../../browser/drift.ts'
import { list } from '../../browser/list-world.ts'
import type { Figure } from '../figure.ts'
import type { Measurement } from '../stage.ts'
import { talkOf } from '../world/talk.ts'

const pages = 10

/** What is read while fifty older messages come: they are held back until the reader looks. */
export const drifting: Measurement = {
  name: 'drift',
  async run({ parley, device }): Promise<Figure[]> {
    const talk = await talkOf(parley)
    const [room] = await talk.rooms(1, 700)
    const { page } = await device()
    await talk.signIn(page)
    await page.goto(room?.path ?? '')
    await expect(page.getByRole('article').first()).toBeVisible()
    let arrive = (): void => undefined
    let asked = 0
    await page.route(/messages\?before/, async (route) => {
      const answer = await route.fetch()
      await new Promise<void>((done) => {
        arrive = done
        asked++
      })
      await route.fulfill({ response: answer })
    })
    const height = () => list(page).evaluate((box) => box.scrollHeight)
    let worst = 0
    let lost = 0
    for (let n = 1; n <= pages; n++) {
      await list(page).evaluate((box) => (box.scrollTop = 300))
      await expect.poll(() => asked).toBe(n)
      await frames(page)
      const before = await height()
      const moved = await drift(page, async () => {
        arrive()
        await expect.poll(height).toBeGreaterThan(before)
        await frames(page)
      })
      worst = Math.max(worst, moved.worst)
      lost += moved.lost
    }
    return [
      { name: 'drift: when 50 older rows come', measured: worst, budget: 0, unit: 'px' },
      { name: 'drift: frames without the row that is read', measured: lost, budget: 0, unit: '' },
    ]
  },
}
