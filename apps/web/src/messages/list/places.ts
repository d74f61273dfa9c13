import type { Row } from '../rows.ts'
import { type Hold, rowAt } from './hold.ts'

/** Where somebody was in a chat: the row at the top of the screen, and how far below the top it began. */
interface Place {
  readonly key: string
  readonly offset: number
}

/** By chat; none where the end was on the screen. */
const places = new Map<number, Place>()

export function rememberPlace(chatId: number, box: HTMLElement, atEnd: boolean): void {
  const row = atEnd ? undefined : firstVisible(box)
  if (row?.dataset['key'] === undefined) places.delete(chatId)
  else
    places.set(chatId, {
      key: row.dataset['key'],
      offset: topOf(row) - box.getBoundingClientRect().top,
    })
}

export function placeIn(chatId: number, rows: readonly Row[]): Hold | undefined {
  const place = places.get(chatId)
  if (!place || !rows.some(({ key }) => key === place.key)) return undefined
  return rowAt(place.key, 0, place.offset)
}

/** The whole row: with the lines above its message. */
const topOf = (article: HTMLElement): number =>
  (article.parentElement ?? article).getBoundingClientRect().top

/** The first message of which something is on the screen. */
export function firstVisible(box: HTMLElement): HTMLElement | undefined {
  const { top } = box.getBoundingClientRect()
  return [...box.querySelectorAll<HTMLElement>('article')].find(
    (article) => article.getBoundingClientRect().bottom > top,
  )
}
