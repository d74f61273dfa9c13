/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { type Page, expect } from '@playwright/test'
import { list } from '../../browser/list-world.ts'
import { type Figure, percentile } from '../figure.ts'
import { heapMB } from '../page/cdp.ts'
import { loadAll } from '../page/place.ts'
import { type Measurement, fewCores } from '../stage.ts'
import { talkOf } from '../world/talk.ts'

const messages = 100_000
const frameMs = fewCores ? 25 : 20
const speeds = [3_000, 20_000]
const flightMs = 2_000

interface Flight {
  frames: number[]
  blank: number
  rows: number
  nodes: number
}

/** Scrolls for a while at a speed, in pixels a second, and looks at every frame. */
const fly = (page: Page, speed: number): Promise<Flight> =>
  page.evaluate(
    async ([ms, speed]) => {
      const box = document.querySelector('[data-testid=scroller]')
      if (!box) throw new Error('no list')
      const { top, height } = box.getBoundingClientRect()
      const middle = top + height / 2
      const seen: Flight = { frames: [], blank: 0, rows: 0, nodes: 0 }
      const begin = await new Promise(requestAnimationFrame)
      let last = begin
      while (last - begin < ms) {
        const now = await new Promise(requestAnimationFrame)
        seen.frames.push(now - last)
        box.scrollTop += (speed * (now - last)) / 1000
        last = now
        const rows = [...box.querySelectorAll('li')]
        // Nothing covers the middle, or what does is not painted.
        const covered = rows.some((row) => {
          const { top, bottom } = row.getBoundingClientRect()
          return top <= middle && bottom >= middle
        })
        seen.blank += Number(!covered)
        seen.rows = Math.max(seen.rows, rows.length)
        seen.nodes = Math.max(seen.nodes, document.getElementsByTagName('*').length)
      }
      return seen
    },
    [flightMs, speed] as const,
  )

const together = (flights: readonly Flight[]): Flight => ({
  frames: flights.flatMap(({ frames }) => frames),
  blank: flights.reduce((sum, { blank }) => sum + blank, 0),
  rows: Math.max(...flights.map(({ rows }) => rows)),
  nodes: Math.max(...flights.map(({ nodes }) => nodes)),
})

const figuresOf = (how: string, { frames, blank, rows, nodes }: Flight): Figure[] => [
  {
    name: `scroll, ${how}: frame, p95`,
    measured: percentile(frames, 0.95),
    budget: frameMs,
    unit: 'ms',
  },
  { name: `scroll, ${how}: blank frames`, measured: blank, budget: 0, unit: '' },
  { name: `scroll, ${how}: rows in the page`, measured: rows, budget: 300, unit: '' },
  { name: `scroll, ${how}: nodes in the page`, measured: nodes, budget: 2_500, unit: '' },
]

async function flights(page: Page): Promise<Flight> {
  const all: Flight[] = []
  for (const speed of speeds) for (const way of [-1, 1]) all.push(await fly(page, way * speed))
  return together(all)
}

/** Whether the message comes when the key is pressed in the list, without a page for each screen. */
async function leadsTo(page: Page, key: 'Home' | 'End', text: string): Promise<number> {
  await page.getByRole('article').last().focus()
  await page.keyboard.press(key)
  const wanted = page.getByRole('article').filter({ hasText: new RegExp(`${text}(?!\\d)`) })
  return wanted
    .waitFor({ timeout: 5_000 })
    .then(() => 0)
    .catch(() => 1)
}

/** A channel of 100,000 messages: the web client's specification, scenario 5. */
export const scrolling: Measurement = {
  name: 'scroll',
  async run({ parley, device }): Promise<Figure[]> {
    const talk = await talkOf(parley)
    const [room] = await talk.rooms(1, messages)
    const { page, cdp } = await device()
    await talk.signIn(page)
    await page.goto(room?.path ?? '')
    await expect(page.getByRole('article').last()).toBeVisible()
    const paging = await flights(page)
    const lost =
      (await leadsTo(page, 'Home', 'message 0')) +
      (await leadsTo(page, 'End', `message ${messages - 1}`))
    const begin = performance.now()
    await loadAll(page)
    const seconds = (performance.now() - begin) / 1000
    const heap = await heapMB(cdp)
    const loaded: Flight[] = [await fly(page, 3_000), await fly(page, 20_000)]
    await list(page).evaluate((box) => (box.scrollTop = box.scrollHeight / 2))
    loaded.push(await flights(page))
    return [
      ...figuresOf('through pages', paging),
      { name: 'scroll: Home and End that led nowhere', measured: lost, budget: 0, unit: '' },
      {
        name: 'scroll: all 100,000 loaded by scrolling',
        measured: seconds,
        budget: 300,
        unit: 's',
      },
      { name: 'scroll: heap with 100,000 loaded', measured: heap, budget: 120, unit: 'MB' },
      ...figuresOf('100,000 loaded', together(loaded)),
    ]
  },
}
