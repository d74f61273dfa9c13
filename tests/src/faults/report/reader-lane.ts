import type { HistoryIndex } from '../check/history-index.ts'
import type { ReaderSeen, StreamSeen } from '../check/index-streams.ts'
import { type Lane, type Scale, frame } from './scale.ts'
import { colours } from './style.ts'
import { el, hint, line, rect, text } from './svg.ts'

const rowHeight = 17
/** More would make the picture a wall; those with the most streams tell the most. */
const most = 24

/** A row for each reader: a bar while a stream is live, ticks where it opens and closes, a diamond for a resync. */
export function readerLane({ streams }: HistoryIndex, scale: Scale): Lane {
  const readers = [...streams.readers.values()]
  const kept = new Set(
    readers.toSorted((a, b) => b.streams.length - a.streams.length).slice(0, most),
  )
  const shown = readers.filter((reader) => kept.has(reader))
  const more = readers.length - shown.length
  return {
    height: shown.length * rowHeight + (more > 0 ? rowHeight : 0),
    draw: (top) =>
      [
        ...shown.map((reader, n) => row(reader, scale, top + n * rowHeight)),
        more > 0
          ? text(frame.left, top + shown.length * rowHeight + 12, `and ${more} more readers`, {
              class: 'faint',
            })
          : '',
      ].join('\n'),
  }
}

function row({ reader, streams, began }: ReaderSeen, scale: Scale, y: number): string {
  const middle = y + rowHeight / 2
  return [
    text(frame.left - 10, y + 12.5, reader, { class: 'name faint' }),
    line(frame.left, middle, frame.right, middle, { stroke: colours.rule }),
    ...streams.map((stream) => oneStream(stream, scale, y)),
    ...began.slice(1).map(({ at, reason }) => diamond(scale.x(at), middle, `bootstrap: ${reason}`)),
  ].join('\n')
}

function oneStream({ opened, ready, closed, events }: StreamSeen, scale: Scale, y: number): string {
  const [top, bottom] = [y + 2.5, y + rowHeight - 2.5]
  const start = scale.x(opened.at)
  const end = scale.x(closed?.at ?? scale.to)
  const live = scale.x(ready?.at ?? closed?.at ?? scale.to)
  const about = hint(`stream ${opened.stream} on ${opened.server}, ${events.length} entries`)
  const fill = colours.stream
  const tick = (x: number, stroke: string) =>
    line(x, top, x, bottom, { stroke, 'stroke-width': 1.3 })
  return [
    rect(start, y + 5.5, Math.max(0, live - start), 6, { fill, 'fill-opacity': 0.25 }),
    rect(live, y + 5.5, Math.max(0.5, end - live), 6, { fill, 'fill-opacity': 0.75 }, about),
    tick(start, fill),
    closed ? tick(end, colours.ink) : '',
    ...events
      .filter((event) => event.type === 'signal' && event.kind === 'resync')
      .map(({ at }) => diamond(scale.x(at), y + rowHeight / 2, 'resync')),
  ].join('')
}

function diamond(x: number, y: number, says: string): string {
  const points = `${x.toFixed(1)},${y - 5} ${(x + 4).toFixed(1)},${y} ${x.toFixed(1)},${y + 5} ${(x - 4).toFixed(1)},${y}`
  const stroke = { stroke: '#fff', 'stroke-width': 0.8 }
  return el('polygon', { points, fill: colours.fail, ...stroke }, hint(says))
}
