import type { ReaderSeen } from './index-streams.ts'

/** A time in which a reader had no live stream. */
interface Gap {
  from: number
  to: number
}

/** Of a server's own reasons to end a stream, those that have nothing to do with a fault. */
const orderly = new Set(['max_age', 'token_expired', 'session_revoked'])

/** When a reader was not live between two times; not where the stream ended by its age. */
export function gapsOf({ streams }: ReaderSeen, from: number, to: number): Gap[] {
  const spans = streams
    .flatMap(({ ready, closed, events }) => {
      const bye = events.findLast((event) => event.type === 'signal' && event.kind === 'bye')
      const byAge = bye?.type === 'signal' && orderly.has(bye.reason ?? '')
      return ready ? [{ from: ready.at, to: closed?.at ?? Infinity, byAge }] : []
    })
    .toSorted((a, b) => a.from - b.from)
  const gaps: Gap[] = []
  let covered = from
  let excused = false
  for (const span of spans) {
    if (span.from > to) break
    if (span.from > covered && !excused) gaps.push({ from: covered, to: span.from })
    if (span.to < covered) continue
    covered = Math.max(covered, span.to)
    excused = span.byAge
  }
  if (covered < to && !excused) gaps.push({ from: covered, to })
  return gaps
}
