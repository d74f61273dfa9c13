import type { Report } from '../check/report.ts'
import { type Scale, frame } from './scale.ts'
import { colours } from './style.ts'
import { el, hint, line, text } from './svg.ts'

const listed = 16

interface Marked {
  id: string
  says: string
  at: number | undefined
}

const markedOf = ({ checks }: Report): Marked[] =>
  checks.flatMap(({ id, violations }) => violations.map(({ says, at }) => ({ id, says, at })))

/** A red line through all lanes for each violation that has a time; those close together share a label. */
export function violationMarks(report: Report, scale: Scale, top: number, bottom: number): string {
  const timed = markedOf(report)
    .flatMap(({ id, says, at }) => (at === undefined ? [] : [{ id, says, x: scale.x(at) }]))
    .toSorted((a, b) => a.x - b.x)
  const labels: { from: number; to: number; ids: Set<string> }[] = []
  for (const { id, x } of timed) {
    const last = labels.at(-1)
    if (last && x - last.to < 40) {
      last.to = x
      last.ids.add(id)
    } else labels.push({ from: x, to: x, ids: new Set([id]) })
  }
  const stroke = { stroke: colours.violation, 'stroke-width': 1, 'stroke-opacity': 0.55 }
  return [
    ...timed.map(
      ({ id, says, x }) =>
        line(x, top, x, bottom, stroke) +
        el('circle', { cx: x, cy: top, r: 4, fill: colours.violation }, hint(`${id}: ${says}`)),
    ),
    ...labels.map(({ from, to, ids }) => {
      // At the right edge a centred label would be cut off.
      const anchor = to > frame.right - 60 ? 'end' : 'middle'
      const x = anchor === 'end' ? frame.right : (from + to) / 2
      return text(x, bottom + 13, [...ids].join(' '), { class: 'red', 'text-anchor': anchor })
    }),
  ].join('\n')
}

/** Each violation as a line of text, as many as fit. */
export function violationList(report: Report, top: number): { markup: string; height: number } {
  const all = markedOf(report)
  const count = report.checks.reduce((sum, one) => sum + one.count, 0)
  const shown = all.slice(0, listed)
  const lines = shown.map(({ id, says, at }, n) => {
    const y = top + 32 + n * 18
    const when = at === undefined ? 'end' : `${(at / 1_000).toFixed(3)} s`
    return (
      text(frame.left - 10, y, when, { class: 'name faint' }) +
      text(frame.left, y, id, { class: 'red' }) +
      text(frame.left + 36, y, says)
    )
  })
  if (count > shown.length) {
    const y = top + 32 + shown.length * 18
    lines.push(text(frame.left, y, `and ${count - shown.length} more`, { class: 'faint' }))
  }
  if (lines.length > 0) lines.unshift(text(20, top + 14, 'Violations', { class: 'head' }))
  return { markup: lines.join('\n'), height: lines.length * 18 + (lines.length > 0 ? 20 : 0) }
}
