import { indexHistory } from '../check/history-index.ts'
import type { Report } from '../check/report.ts'
import type { History } from '../history/entry.ts'
import { faultLane, phaseLane, ruler } from './fault-lanes.ts'
import { latencyLane } from './latency-lane.ts'
import { memoryLane } from './memory-lane.ts'
import { rateLane } from './rate-lane.ts'
import { readerLane } from './reader-lane.ts'
import { type Lane, frame, scaleOf, ticks } from './scale.ts'
import { style } from './style.ts'
import { el, rect, text } from './svg.ts'
import { violationList, violationMarks } from './violation-marks.ts'
import { replayCommand } from './words.ts'

const gap = 34

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
    violationMarks(report, scale, top, bottom),
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
