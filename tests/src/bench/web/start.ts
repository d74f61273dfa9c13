/// <reference lib="dom" />
import type { CDPSession, Page } from '@playwright/test'
import type { Figure } from '../figure.ts'
import { fast4G, slowBy } from '../page/cdp.ts'
import type { Measurement } from '../stage.ts'
import { type Room, talkOf } from '../world/talk.ts'

/** What is said to the console begins so where it is the page's answer. */
const told = 'The start: '
/** So long a start is watched: what is loaded later counts too, and the layout may move by it. */
const watchMs = 5_000

/**
 * Runs in each page as it begins: notes what is painted, moved, and when one can write. Nobody looks
 * before it says that it is over: the tools' own scripts would take their time on the processor.
 */
function watchStart({ told, watchMs }: { told: string; watchMs: number }): void {
  const seen = { first: 0, largest: 0, moved: 0, ready: 0 }
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
  setTimeout(() => {
    const articles = document.querySelectorAll('article').length
    console.debug(`${told}${JSON.stringify({ ...seen, articles })}`)
  }, watchMs)
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

async function startOf(page: Page, { path }: Room): Promise<Start> {
  const over = page.waitForEvent('console', (said) => said.text().startsWith(told))
  await page.goto(path)
  const seen: unknown = JSON.parse((await over).text().slice(told.length))
  const number = (name: string): number =>
    Number(typeof seen === 'object' && seen ? Reflect.get(seen, name) : undefined) || Number.NaN
  return {
    first: number('first'),
    // Of a chat without messages it would mean nothing.
    largest: number('articles') > 0 ? number('largest') : Number.NaN,
    ready: number('ready'),
    moved: number('moved') || 0,
  }
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
    await page.addInitScript(watchStart, { told, watchMs })
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
