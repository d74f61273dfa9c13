import type { Emoji } from './emoji.ts'

/** Emoji beside each other. */
const perRow = 9

export type EmojiRow =
  | { type: 'title'; title: string }
  | {
      type: 'emoji'
      emoji: readonly Emoji[]
      /** The place of the first one among all. */
      from: number
    }

/** The sections as rows of a grid, each under its title; empty ones are left out. */
export function rowsOf(
  sections: readonly { title: string; emoji: readonly Emoji[] }[],
): EmojiRow[] {
  let from = 0
  return sections.flatMap(({ title, emoji }) => {
    if (emoji.length === 0) return []
    const rows: EmojiRow[] = [{ type: 'title', title }]
    for (let start = 0; start < emoji.length; start += perRow) {
      const some = emoji.slice(start, start + perRow)
      rows.push({ type: 'emoji', emoji: some, from })
      from += some.length
    }
    return rows
  })
}

/** The place that a key leads to from another; undefined for keys that lead nowhere. */
export function placeAfter(
  key: string,
  place: number,
  rows: readonly EmojiRow[],
): number | undefined {
  const lines = rows.filter((row) => row.type === 'emoji')
  const last = lines.at(-1)
  const end = last ? last.from + last.emoji.length - 1 : 0
  if (key === 'ArrowRight') return Math.min(end, place + 1)
  if (key === 'ArrowLeft') return Math.max(0, place - 1)
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0
  if (step === 0) return undefined
  const at = lines.findIndex(({ from, emoji }) => place >= from && place < from + emoji.length)
  const [here, next] = [lines[at], lines[at + step]]
  if (!here || !next) return place
  return next.from + Math.min(place - here.from, next.emoji.length - 1)
}
