/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from '@playwright/test'

/** How far the message being read moved, in pixels, and in how many frames it was not there. */
export interface Drift {
  worst: number
  lost: number
}

/** Two frames: what was changed is on the screen. */
export const frames = (page: Page): Promise<unknown> =>
  page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  )

/** What the reader sees of a message while something happens: the first one below 150 pixels. */
export async function drift(page: Page, act: () => Promise<void>): Promise<Drift> {
  const watch = await page.evaluateHandle(() => {
    const box = document.querySelector('[data-testid=scroller]')
    const from = (box?.getBoundingClientRect().top ?? 0) + 150
    const read = [...(box?.querySelectorAll<HTMLElement>('article') ?? [])].find(
      (article) => article.getBoundingClientRect().top >= from,
    )
    const id = read?.dataset['id'] ?? ''
    const top = read?.getBoundingClientRect().top ?? 0
    const seen = { worst: 0, lost: 0, stop: false }
    const tick = (): void => {
      const now = box?.querySelector(`article[data-id="${id}"]`)?.getBoundingClientRect().top
      if (now === undefined) seen.lost++
      else seen.worst = Math.max(seen.worst, Math.abs(now - top))
      if (!seen.stop) requestAnimationFrame(tick)
    }
    tick()
    return seen
  })
  await act()
  await frames(page)
  return watch.evaluate((seen) => {
    seen.stop = true
    return { worst: seen.worst, lost: seen.lost }
  })
}

/** Scrolls at a speed, and counts the frames in whose middle no message is, and the most nodes. */
export const scrollFrames = (page: Page, frames: number, pixels: number) =>
  page.evaluate(
    async ([frames, pixels]) => {
      const box = document.querySelector('[data-testid=scroller]')
      if (!box) throw new Error('no list')
      const { top, height } = box.getBoundingClientRect()
      const middle = top + height / 2
      const seen = { blank: 0, mostRows: 0 }
      for (let frame = 0; frame < frames; frame++) {
        await new Promise(requestAnimationFrame)
        box.scrollTop += pixels
        const rows = [...box.querySelectorAll('li')]
        // elementFromPoint lies here: the list takes no pointer while it scrolls.
        const covered = rows.some((row) => {
          const { top, bottom } = row.getBoundingClientRect()
          return top <= middle && bottom >= middle
        })
        seen.blank += covered ? 0 : 1
        seen.mostRows = Math.max(seen.mostRows, rows.length)
      }
      return seen
    },
    [frames, pixels] as const,
  )
