import { allowance, slowest } from './allowance.ts'
import { bounds } from './bounds.ts'
import type { Check, Findings } from './findings.ts'
import { grouped } from './grouped.ts'
import type { HistoryIndex } from './history-index.ts'
import { told } from './index-ops.ts'
import type { Ending } from './index-sessions.ts'
import type { Figures } from './report.ts'
import { spread } from './spread.ts'

export const revoked: Check = {
  id: 'C11',
  name: 'revoked',
  property:
    'Soon after the end of a session was acknowledged nothing is streamed to it or served to it.',
  run(index, found) {
    const attempts = grouped(
      index.ops.all.flatMap(({ attempts }) => attempts),
      ({ call }) => call.session,
    )
    for (const ending of index.sessions.ended) {
      found.look()
      const { slows, limit } = allowance(index.faults, ending.op.ended)
      streamsEnd(ending, limit, index.end, found)
      for (const { call, returned } of attempts.get(ending.session) ?? []) {
        if (call.at <= limit || returned?.outcome !== 'ok') continue
        found.violation(
          `Session ${ending.session} was served ${later(call.at, ending)} after its end (slowed by ${slows}).`,
          () => [...told(ending.op), call, returned],
          returned.at,
        )
      }
    }
  },
}

const later = (at: number, { op }: Ending): string => `${Math.round(at - op.ended)} ms`

function streamsEnd(ending: Ending, limit: number, end: number, { violation }: Findings): void {
  for (const { opened, events, closed } of ending.streams) {
    const late = events.find((event) => event.type === 'frame' && event.at > limit)
    if (late) {
      violation(
        `Stream ${opened.stream} of session ${ending.session} brought an event ${later(late.at, ending)} after its end.`,
        () => [...told(ending.op), opened, late, ...(closed ? [closed] : [])],
        late.at,
      )
      continue
    }
    const over = closed?.at ?? end
    if (over <= limit) continue
    violation(
      `Stream ${opened.stream} of session ${ending.session} ${closed ? `closed ${later(over, ending)} after its end` : 'stayed open after its end'}.`,
      () => [...told(ending.op), opened, ...(closed ? [closed] : [])],
      over,
    )
  }
}

/** How long it took, of those sessions that had a stream open. */
export function revocationDelays({ sessions, faults, end }: HistoryIndex): Figures['revocation'] {
  const delays = sessions.ended.flatMap(({ op, streams }) => {
    const open = streams.filter(
      ({ opened, closed }) => opened.at <= op.ended && (closed?.at ?? end) > op.ended,
    )
    if (open.length === 0) return []
    const last = Math.max(...open.map(({ closed }) => closed?.at ?? end))
    return [{ slows: allowance(faults, op.ended).slows, ms: last - op.ended }]
  })
  const bySlows = grouped(delays, ({ slows }) => slows)
  return slowest.toReversed().flatMap((slows) => {
    const some = bySlows.get(slows)
    return some
      ? [{ slows, bound: bounds.revoked[slows], spread: spread(some.map(({ ms }) => ms)) }]
      : []
  })
}
