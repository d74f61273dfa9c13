import { deliveries } from '../check/figures.ts'
import type { HistoryIndex } from '../check/history-index.ts'
import { type Lane, type Scale, frame } from './scale.ts'
import { colours } from './style.ts'
import { el, line, text } from './svg.ts'
import { milliseconds } from './words.ts'

const least = 1
const most = 30_000
const cell = 3

/** Deliveries as dots, on a logarithmic scale; those in one place are one darker dot. */
export function latencyLane(index: HistoryIndex, scale: Scale): Lane {
  const height = 150
  const heightOf = (ms: number) =>
    (Math.log(Math.min(Math.max(ms, least), most) / least) / Math.log(most / least)) * (height - 8)
  const cells = new Map<string, { x: number; up: number; quiet: boolean; count: number }>()
  for (const { at, ms, quiet } of deliveries(index)) {
    const x = Math.round(scale.x(at) / cell) * cell
    const up = Math.round(heightOf(ms) / cell) * cell
    const key = `${x} ${up} ${quiet}`
    const known = cells.get(key)
    if (known) known.count++
    else cells.set(key, { x, up, quiet, count: 1 })
  }
  const draw = (y: number) => {
    const bottom = y + height
    const rules = [1, 10, 100, 1_000, 10_000].map((ms) => {
      const at = bottom - heightOf(ms)
      const stroke = { stroke: colours.rule, 'stroke-dasharray': '2 3' }
      return (
        line(frame.left, at, frame.right, at, stroke) +
        text(frame.left - 10, at + 4, milliseconds(ms), { class: 'name faint' })
      )
    })
    const dots = Array.from(cells.values(), ({ x, up, quiet, count }) =>
      el('circle', {
        cx: x,
        cy: bottom - up,
        r: 1.6,
        fill: quiet ? colours.dot : colours.slows.nothing,
        'fill-opacity': Math.min(1, 0.35 + count * 0.12),
      }),
    )
    return [...rules, ...dots].join('\n')
  }
  return { height, draw }
}
