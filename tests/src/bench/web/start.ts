/// <reference lib="dom" />
import { type CDPSession, type Page, expect } from '@playwright/test'
import type { Figure } from '../figure.ts'
import { fast4G, slowBy } from '../page/cdp.ts'
import type { Measurement } from '../stage.ts'
import { type Room, talkOf } from '../world/talk.ts'

/** Runs in each page as it begins: notes what is painted, moved, and when one can write. */
function watchStart(): void {
  const seen = { first: 0, largest: 0, moved: 0, ready: 0 }
  Object.assign(globalThis, { started: seen })
  const on = (type: string, take: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      type,
      buffered: true,
    })
  on('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') seen.first = startTime
  })
  on('largest-contentful-paint', ({ startTime }) => (seen.largest = startTime))
  on('layout-shift', (entry) => {
    const value: unknown = Reflect.get(entry, 'value')
    if (typeof value === 'number') seen.moved += value
  })
  addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLTextAreaElement) seen.ready ||= performance.now()
  })
}
interface Start {
  first: number
  largest: number
  moved: number
  ready: number
}

/** Bytes as they come over the network, with their headers. */
async function countBytes(cdp: CDPSession): Promise<() => number> {
  let bytes = 0
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
  await cdp.send('Network.enable')
  return () => bytes
}

/** What is loaded later is waited for too: it counts, and the layout may move by it. */
async function startOf(page: Page, { path }: Room): Promise<Start> {
  await page.goto(path)
  await expect(page.getByRole('textbox', { name: /^Message / })).toBeFocused({ timeout: 20_000 })
  await expect(page.getByRole('article').last()).toBeVisible({ timeout: 20_000 })
  await page.waitForFunction(() => performance.now() > 5_000)
  return page.evaluate(() => {
    const seen: unknown = Reflect.get(globalThis, 'started')
    const number = (name: string): number =>
      Number(typeof seen === 'object' && seen ? Reflect.get(seen, name) : undefined) || 0
    return {
      first: number('first') || Number.NaN,
      largest: number('largest') || Number.NaN,
      ready: number('ready') || Number.NaN,
      moved: number('moved'),
    }
  })
}

const figuresOf = (how: string, start: Start, [first, largest, ready]: number[]): Figure[] => {
  const seconds = (name: string, measured: number, budget = 0): Figure => ({
    name: `start, ${how}: ${name}`,
    measured: measured / 1000,
    budget,
    unit: 's',
  })
  return [
    seconds('first contentful paint', start.first, first),
    seconds('largest contentful paint', start.largest, largest),
    seconds('composer accepts keys', start.ready, ready),
    { name: `start, ${how}: layout shift`, measured: start.moved, budget: 0.02, unit: '' },
  ]
}

/** Of somebody with a session: a processor that is 4 x slower, Fast 4G, an empty cache and a full one. */
export const starting: Measurement = {
  name: 'start',
  async run({ parley, device }): Promise<Figure[]> {
    const talk = await talkOf(parley)
    const [room] = await talk.rooms(10, 200)
    if (!room) throw new Error('no room')
    const before = await device()
    await talk.signIn(before.page)
    const storageState = await before.page.context().storageState()
    await before.page.context().close()

    const { page, cdp } = await device({ storageState })
    await page.addInitScript(watchStart)
    const bytes = await countBytes(cdp)
    await fast4G(cdp)
    await slowBy(cdp, 4)
    const cold = await startOf(page, room)
    const weight = bytes() / 1000
    await page.goto('about:blank')
    const warm = await startOf(page, room)
    return [
      ...figuresOf('cold', cold, [1.2, 1.8, 2]),
      { name: 'start, cold: bytes over the network', measured: weight, budget: 200, unit: 'kB' },
      ...figuresOf('warm', warm, [0.3, 0.5, 0.5]),
    ]
  },
}
