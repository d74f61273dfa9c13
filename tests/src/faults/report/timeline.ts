import { indexHistory } from '../check/history-index.ts'
import type { Report } from '../check/report.ts'
import type { History } from '../history/entry.ts'
import { faultLane, phaseLane, ruler } from './fault-lanes.ts'
import { latencyLane } from './latency-lane.ts'
import { memoryLane } from './memory-lane.ts'
import { rateLane } from './rate-lane.ts'
import { readerLane } from './reader-lane.ts'
import { type Lane, type Scale, frame, scaleOf, ticks } from './scale.ts'
import { colours, style } from './style.ts'
import { el, hint, line, rect, text } from './svg.ts'
import { replayCommand } from './words.ts'

const gap = 34
const listed = 16

/** A run as a picture: an SVG that needs nothing else. */
export function timeline(history: History, report: Report): string {
  const index = indexHistory(history)
  const first = history.entries[0]?.at ?? 0
  const scale = scaleOf(
    first,
    history.entries.reduce((last, { at }) => Math.max(last, at), first + 1),
  )
  const lanes: [string, Lane][] = [
    ['Phases', phaseLane(index, scale)],
    ['Faults', faultLane(index, scale)],
    ['Answers', rateLane(index, scale)],
    ['From answer to delivery', latencyLane(index, scale)],
    ['Readers', readerLane(index, scale)],
    ['Memory', memoryLane(index, scale)],
  ]
  const top = 84
  let y = top + 8
  const drawn = lanes.flatMap(([name, lane]) => {
    if (lane.height === 0) return []
    const at = y + 22
    y = at + lane.height + gap - 22
    const head = text(20, at - 6, name, { class: 'head' })
    return [head, lane.draw(at)]
  })
  const bottom = y - gap + 30
  const list = violationList(report, bottom + 30)
  const height = Math.max(900, bottom + 40 + list.height)
  const body = [
    el('style', {}, style),
    rect(0, 0, frame.width, height, { fill: '#fff' }),
    heading(report),
    ruler(scale, ticks(scale), top, bottom),
    ...drawn,
    marks(report, scale, top, bottom),
    list.markup,
  ]
  return el(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: frame.width,
      height,
      viewBox: `0 0 ${frame.width} ${height}`,
    },
    `\n${body.join('\n')}\n`,
  )
}

function heading({ plan, checks }: Report): string {
  const wrong = checks.filter(({ count }) => count > 0)
  const says =
    wrong.length === 0
      ? `all ${checks.length} checks hold`
      : wrong.map(({ id, name, count }) => `${id} ${name} ${count}`).join(', ')
  return [
    text(20, 32, `Fault run ${plan.seed}`, { class: 'title' }),
    text(170, 32, says, { class: wrong.length > 0 ? 'head red' : 'head' }),
    text(20, 53, replayCommand(plan), { class: 'faint' }),
  ].join('\n')
}

interface Marked {
  id: string
  says: string
  at: number | undefined
}

const markedOf = ({ checks }: Report): Marked[] =>
  checks.flatMap(({ id, violations }) => violations.map(({ says, at }) => ({ id, says, at })))

/** A red line through all lanes for each violation that has a time. */
const marks = (report: Report, scale: Scale, top: number, bottom: number): string =>
  markedOf(report)
    .flatMap(({ id, says, at }, n) => {
      if (at === undefined) return []
      const x = scale.x(at)
      const stroke = { stroke: colours.violation, 'stroke-width': 1, 'stroke-opacity': 0.55 }
      const label = { class: 'red', 'text-anchor': 'middle', style: 'font-size: 10px' }
      return [
        line(x, top, x, bottom, stroke),
        el('circle', { cx: x, cy: top, r: 4, fill: colours.violation }, hint(`${id}: ${says}`)),
        text(x, bottom + 11 + (n % 3) * 10, id, label),
      ]
    })
    .join('\n')

function violationList(report: Report, top: number): { markup: string; height: number } {
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
