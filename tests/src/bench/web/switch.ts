/// <reference lib="dom" />
import { type CDPSession, type Page, expect } from '@playwright/test'
import { title } from '../../browser/places.ts'
import { frames } from '../../browser/drift.ts'
import { list, scrollBy } from '../../browser/list-world.ts'
import { type Random, createRandom } from '../../faults/random.ts'
import { type Figure, percentile } from '../figure.ts'
import { detachedArticles, heapMB } from '../page/cdp.ts'
import { untilShown } from '../page/paint.ts'
import { type Place, loadAll, placeOn, samePlace } from '../page/place.ts'
import type { Measurement } from '../stage.ts'
import { type Room, talkOf } from '../world/talk.ts'

const switches = 200
const seed = 7
const nowhere: Room = { id: 0, name: '', path: '' }

const link = (page: Page, { name }: Room) =>
  page.getByRole('complementary', { name: 'Channels' }).getByRole('link', { name })

/** Each once, up to its first message; a third of them is left somewhere above its end. */
async function visit(page: Page, rooms: readonly Room[]): Promise<Room> {
  let last = nowhere
  for (const [index, room] of rooms.entries()) {
    await link(page, room).click()
    await expect(title(page)).toHaveText(`#${room.name}`)
    await expect(page.getByRole('article').first()).toBeVisible()
    await loadAll(page)
    await list(page).evaluate((box) => (box.scrollTop = box.scrollHeight))
    await frames(page)
    if (index % 3 === 0) await scrollBy(page, -1_500)
    await frames(page)
    last = room
  }
  return last
}

/** How one can go somewhere else: what is timed begins with the last click or key. */
function ways(page: Page, rooms: readonly Room[], random: Random) {
  const shown = ({ name }: Room) => ({ title: `#${name}` })
  return {
    async click(): Promise<[Room, number]> {
      const room = random.pick([rooms[0] ?? nowhere, ...rooms.slice(1)])
      await link(page, room).scrollIntoViewIfNeeded()
      return [room, await untilShown(page, shown(room), 'click', () => link(page, room).click())]
    },
    async arrow(from: Room): Promise<[Room, number]> {
      // Below the last one other chats are.
      const down = rooms.indexOf(from) < rooms.length - 1
      const room = rooms[rooms.indexOf(from) + (down ? 1 : -1)] ?? from
      await page.keyboard.down('Alt')
      const ms = await untilShown(page, shown(room), 'keydown', () =>
        page.keyboard.press(down ? 'ArrowDown' : 'ArrowUp'),
      )
      await page.keyboard.up('Alt')
      return [room, ms]
    },
    async quick(): Promise<[Room, number]> {
      const room = rooms[random.between(0, rooms.length - 1)] ?? nowhere
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Jump to' }).fill(room.name)
      const option = page.getByRole('option', { name: room.name, selected: true })
      await expect(option).toBeVisible()
      return [
        room,
        await untilShown(page, shown(room), 'keydown', () => page.keyboard.press('Enter')),
      ]
    },
  }
}

interface Seen {
  latencies: number[]
  moved: number
}

/** Goes from chat to chat, and looks whether each is as it was left. */
async function wander(
  page: Page,
  rooms: readonly Room[],
  current: Room,
  count: number,
): Promise<Seen & { here: Room }> {
  const random = createRandom(seed)
  const { click, arrow, quick } = ways(page, rooms, random)
  const places = new Map<Room, Place>()
  const seen: Seen = { latencies: [], moved: 0 }
  let here = current
  for (let n = 0; n < count; n++) {
    places.set(here, await placeOn(page))
    const [room, ms] = await random.pick([click, () => arrow(here), quick])()
    seen.latencies.push(ms)
    await frames(page)
    const before = places.get(room)
    if (before && !samePlace(before, await placeOn(page))) seen.moved++
    here = room
  }
  return { ...seen, here }
}

const held = async (cdp: CDPSession) => ({
  heap: await heapMB(cdp),
  detached: await detachedArticles(cdp),
})

/** Between channels that were visited: the web client's specification, scenario 7. */
export const switching: Measurement = {
  name: 'switch',
  async run({ parley, device }): Promise<Figure[]> {
    const talk = await talkOf(parley)
    const rooms = await talk.rooms(30, 200)
    const { page, cdp } = await device({ viewport: { width: 1280, height: 800 } })
    await talk.signIn(page)
    const visited = await visit(page, rooms)
    // The code of every way is loaded and compiled.
    const { here } = await wander(page, rooms, visited, 12)
    let asked = 0
    page.on('request', (request) => (asked += Number(/\/messages(\?|$)/.test(request.url()))))
    const before = await held(cdp)
    const { latencies, moved } = await wander(page, rooms, here, switches)
    const after = await held(cdp)
    return [
      {
        name: 'switch: input to paint, p50',
        measured: percentile(latencies, 0.5),
        budget: 25,
        unit: 'ms',
      },
      {
        name: 'switch: input to paint, p95',
        measured: percentile(latencies, 0.95),
        budget: 50,
        unit: 'ms',
      },
      { name: 'switch: requests for messages', measured: asked, budget: 0, unit: '' },
      {
        name: 'switch: lists that were not where they were left',
        measured: moved,
        budget: 0,
        unit: '',
      },
      {
        name: 'switch: detached articles more',
        measured: after.detached - before.detached,
        budget: 0,
        unit: '',
      },
      { name: 'switch: heap growth', measured: after.heap - before.heap, budget: 5, unit: 'MB' },
    ]
  },
}
