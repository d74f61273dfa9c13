/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from '@playwright/test'

/** The message at the top of the list, and how far from the top it begins. */
export interface Place {
  id: string
  offset: number
}

export const placeOn = (page: Page): Promise<Place> =>
  page.evaluate(() => {
    const box = document.querySelector('[data-testid=scroller]')
    const top = box?.getBoundingClientRect().top ?? 0
    const first = [...(box?.querySelectorAll('article') ?? [])].find(
      (article) => article.getBoundingClientRect().bottom > top,
    )
    const offset = (first?.getBoundingClientRect().top ?? 0) - top
    return { id: first?.dataset['id'] ?? '', offset: Math.round(offset) }
  })

export const samePlace = (a: Place, b: Place): boolean =>
  a.id === b.id && Math.abs(a.offset - b.offset) <= 1

/** Scrolls up until the chat's first message is loaded. */
export async function loadAll(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const box = document.querySelector('[data-testid=scroller]')
    if (!box) throw new Error('no list')
    const start = () => box.querySelector('li')?.textContent.includes('This is the start of')
    while (start() !== true) {
      box.scrollTop = 0
      await new Promise(requestAnimationFrame)
    }
  })
}
