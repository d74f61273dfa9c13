/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { type JSHandle, type Page, expect } from '@playwright/test'
import { type Figure, percentile } from '../figure.ts'
import type { Measurement } from '../stage.ts'
import { talkOf } from '../world/talk.ts'

const messages = 50
const others = process.env['CI'] === undefined ? 150 : 250

/** By its text, when a message was painted first, on the clock of the machine. */
const watchPaints = (page: Page): Promise<JSHandle<Map<string, number>>> =>
  page.evaluateHandle(() => {
    const painted = new Map<string, number>()
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', ({ data }: MessageEvent<string>) =>
      painted.set(data, performance.timeOrigin + performance.now()),
    )
    port1.start()
    const waiting = new Set<string>()
    new MutationObserver(() => {
      const texts = [...document.querySelectorAll('article')].slice(-3).flatMap((article) => {
        const text = /sent \d+/.exec(article.textContent)?.[0]
        return text === undefined || painted.has(text) || waiting.has(text) ? [] : [text]
      })
      for (const text of texts) {
        waiting.add(text)
        requestAnimationFrame(() => port2.postMessage(text))
      }
    }).observe(document, { subtree: true, childList: true })
    return painted
  })

/** Of the key that sends: when it was pressed, and in which frame after it the message was there. */
const watchEnter = (page: Page) =>
  page.evaluateHandle(() => {
    const seen = { pressed: [] as number[], frames: [] as number[] }
    addEventListener(
      'keydown',
      ({ key, timeStamp }) => {
        if (key !== 'Enter') return
        seen.pressed.push(performance.timeOrigin + timeStamp)
        const last = `sent ${seen.pressed.length - 1}`
        let frames = 0
        const look = (): void => {
          frames++
          const there = [...document.querySelectorAll('article')].at(-1)?.textContent.includes(last)
          if (there === true || frames > 60) seen.frames.push(frames)
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      },
      true,
    )
    return seen
  })

/** From the key to one's own screen, and to that of somebody else. */
export const sending: Measurement = {
  name: 'send',
  async run({ parley, device }): Promise<Figure[]> {
    const talk = await talkOf(parley)
    const [room] = await talk.rooms(1, 200)
    const [mine, theirs] = [(await device()).page, (await device()).page]
    for (const page of [mine, theirs]) {
      await talk.signIn(page)
      await page.goto(room?.path ?? '')
      await expect(page.getByRole('textbox', { name: /^Message / })).toBeVisible()
      await expect(page.getByRole('article').last()).toBeVisible()
    }
    const painted = await watchPaints(theirs)
    const own = await watchEnter(mine)
    const box = mine.getByRole('textbox', { name: /^Message / })
    for (let n = 0; n < messages; n++) {
      await box.fill(`sent ${n}`)
      await box.press('Enter')
      await expect(theirs.getByRole('article').last()).toContainText(`sent ${n}`)
    }
    const { pressed, frames } = await own.evaluate((seen) => seen)
    const arrived = await painted.evaluate((all) => [...all.values()])
    const latencies = arrived.map((at, n) => at - (pressed[n] ?? 0))
    const missing = messages - Math.min(arrived.length, frames.length)
    return [
      {
        name: 'send: frames until it is painted, p95',
        measured: percentile(frames, 0.95),
        budget: 1,
        unit: '',
      },
      {
        name: 'send: key to paint at the other, p95',
        measured: percentile(latencies, 0.95),
        budget: others,
        unit: 'ms',
      },
      { name: 'send: messages that did not come', measured: missing, budget: 0, unit: '' },
    ]
  },
}
