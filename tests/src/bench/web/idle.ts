import { setTimeout as pause } from 'node:timers/promises'
import { expect } from '@playwright/test'
import type { Figure } from '../figure.ts'
import type { Measurement } from '../stage.ts'
import { talkOf } from '../world/talk.ts'

const settleMs = 5_000
const watchedMs = 20_000

/** What a page costs that has the focus and to which nothing happens. */
export const idle: Measurement = {
  name: 'idle',
  async run({ parley, device, cpuSeconds }): Promise<Figure[]> {
    const talk = await talkOf(parley)
    const [room] = await talk.rooms(1, 200)
    const { page } = await device()
    await talk.signIn(page)
    await page.goto(room?.path ?? '')
    await expect(page.getByRole('textbox', { name: /^Message / })).toBeFocused()
    await pause(settleMs)
    const before = await cpuSeconds()
    await pause(watchedMs)
    const measured = ((await cpuSeconds()) - before) / (watchedMs / 1000 / 100)
    return [{ name: 'idle: processor, focused', measured, budget: 0.5, unit: '%' }]
  },
}
