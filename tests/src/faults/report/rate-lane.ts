import type { HistoryIndex } from '../check/history-index.ts'
import { type Lane, type Scale, frame } from './scale.ts'
import { colours } from './style.ts'
import { hint, line, rect, text } from './svg.ts'

const outcomes = ['ok', 'fail', 'info'] as const
const bars = 280

/** How many answers came of each outcome, in as many bars as there is place for. */
export function rateLane(index: HistoryIndex, scale: Scale): Lane {
  const height = 110
  const span = (scale.to - scale.from) / bars
  const counts = Array.from({ length: bars }, () => ({ ok: 0, fail: 0, info: 0 }))
  for (const { attempts } of index.ops.all) {
    for (const { returned } of attempts) {
      if (!returned) continue
      const at = Math.min(bars - 1, Math.floor((returned.at - scale.from) / span))
      const bucket = counts[at]
      if (bucket) bucket[returned.outcome]++
    }
  }
  const most = counts.reduce((a, { ok, fail, info }) => Math.max(a, ok + fail + info), 1)
  const high = (height - 12) / most
  const draw = (y: number) => {
    const drawn = counts.map((bucket, n) => {
      let base = y + height
      const from = scale.x(scale.from + n * span)
      return outcomes
        .map((outcome) => {
          // One error among hundreds of answers is still to be seen.
          const tall = bucket[outcome] === 0 ? 0 : Math.max(1.5, bucket[outcome] * high)
          base -= tall
          const width = (frame.right - frame.left) / bars - 0.6
          const says = hint(`${bucket[outcome]} ${outcome}`)
          return tall === 0 ? '' : rect(from, base, width, tall, { fill: colours[outcome] }, says)
        })
        .join('')
    })
    return [
      line(frame.left, y + height, frame.right, y + height, { stroke: colours.rule }),
      text(frame.left - 10, y + 14, `${Math.round((most / span) * 1_000)} /s`, {
        class: 'name faint',
      }),
      ...outcomes.map((outcome, n) => {
        const at = y + 40 + n * 18
        return (
          rect(frame.left - 52, at - 9, 10, 10, { fill: colours[outcome] }) +
          text(frame.left - 10, at, outcome, { class: 'name' })
        )
      }),
      ...drawn,
    ].join('\n')
  }
  return { height, draw }
}
