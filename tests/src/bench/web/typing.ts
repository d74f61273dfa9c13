import { setTimeout as pause } from 'node:timers/promises'
import { type Page, expect } from '@playwright/test'
import { list } from '../../browser/list-world.ts'
import { type Figure, percentile } from '../figure.ts'
import { slowBy } from '../page/cdp.ts'
import { watchKeys } from '../page/paint.ts'
import type { Measurement } from '../stage.ts'
import { type Room, type Talk, talkOf } from '../world/talk.ts'

const betweenMs = 100
const loadedCharacters = 1_000
const unloadedCharacters = 200

/** With lines, and with names that open a list of people. */
const sentence = 'the quick @ben jumps :smi over a lazy line,\n'
const textOf = (length: number): string =>
  sentence.repeat(Math.ceil(length / sentence.length)).slice(0, length)

/** Types at ten characters a second, whatever the page makes of them. */
async function type(page: Page, text: string): Promise<void> {
  const start = performance.now()
  for (const [index, character] of Array.from(text).entries()) {
    await pause(Math.max(0, start + index * betweenMs - performance.now()))
    await page.keyboard.press(character === '\n' ? 'Shift+Enter' : character)
  }
}

/** Twenty messages a second by three people, until it is stopped; tells what could not be sent. */
function chatter({ writers }: Talk, { id }: Room): () => Promise<void> {
  let sent = 0
  const sending: Promise<unknown>[] = []
  const timer = setInterval(() => {
    const writer = writers[1 + (sent % 3)] ?? writers[0]
    const content = `${++sent} and **something** to read`
    sending.push(writer.sendMessage({ params: { id }, body: { content } }))
  }, 50)
  return async () => {
    clearInterval(timer)
    await Promise.all(sending)
  }
}

async function typed(page: Page, text: string) {
  const box = page.getByRole('textbox', { name: /^Message / })
  await box.fill('')
  const watch = await watchKeys(page)
  await type(page, text)
  const { latencies } = await watch.evaluate((seen) => seen)
  return { latencies, exact: (await box.inputValue()) === text }
}

/** Into the composer: the web client's specification, scenario 9. */
export const typing: Measurement = {
  name: 'typing',
  async run({ parley, device }): Promise<Figure[]> {
    const talk = await talkOf(parley)
    const [room] = await talk.rooms(1, 200)
    if (!room) throw new Error('no room')
    const { page, cdp } = await device()
    await talk.signIn(page)
    await page.goto(room.path)
    await expect(page.getByRole('textbox', { name: /^Message / })).toBeFocused()
    const quiet = await typed(page, textOf(unloadedCharacters))
    await slowBy(cdp, 4)
    const stop = chatter(talk, room)
    const loaded = await typed(page, textOf(loadedCharacters))
    await stop()
    const fromEnd = await list(page).evaluate(
      (box) => box.scrollHeight - box.scrollTop - box.clientHeight,
    )
    const wrong = Number(!quiet.exact) + Number(!loaded.exact)
    const at = (name: string, values: number[], share: number, budget: number): Figure => ({
      name: `typing: key to paint, ${name}`,
      measured: percentile(values, share),
      budget,
      unit: 'ms',
    })
    return [
      at('p50', quiet.latencies, 0.5, 8),
      at('p95', quiet.latencies, 0.95, 16),
      at('20 messages/s and 4 x slower, p95', loaded.latencies, 0.95, 32),
      at('20 messages/s and 4 x slower, most', loaded.latencies, 1, 100),
      { name: 'typing: texts that are not what was typed', measured: wrong, budget: 0, unit: '' },
      { name: 'typing: from the end of the list', measured: fromEnd, budget: 2, unit: 'px' },
    ]
  },
}
