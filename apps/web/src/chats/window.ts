/** Which rows of equal height are to be on the page, and the room that the others take. */
export interface Shown {
  from: number
  to: number
  before: number
  after: number
}

/** Fewer rows than this are all on the page. */
const few = 200
/** Rows beyond the edges, so that scrolling shows none late. */
const spare = 12

/** `top` and `height` say what is seen of the list, in pixels from its first row. */
export function shownRows(count: number, rowHeight: number, top: number, height: number): Shown {
  if (count <= few || rowHeight <= 0) return { from: 0, to: count, before: 0, after: 0 }
  const clamp = (row: number) => Math.min(count, Math.max(0, row))
  const from = clamp(Math.floor(top / rowHeight) - spare)
  const to = Math.max(from, clamp(Math.ceil((top + height) / rowHeight) + spare))
  return { from, to, before: from * rowHeight, after: (count - to) * rowHeight }
}
