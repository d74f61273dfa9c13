import type { Return } from '../history/entry.ts'
import { bounds } from './bounds.ts'
import type { Check } from './findings.ts'
import type { HistoryIndex } from './history-index.ts'
import { told } from './index-ops.ts'
import { gapsOf } from './live.ts'
import { line } from './lines.ts'
import { didNotLast } from './rewound.ts'

export const recovery: Check = {
  id: 'C13',
  name: 'recovery',
  property:
    'At most 10 s after the end of the last fault there are no more errors and every reader is live.',
  run(index, { look, violation }) {
    const { lastEnd } = index.faults
    if (lastEnd === undefined) return
    const limit = lastEnd + bounds.recovery
    const late = (at: number) => `${((at - lastEnd) / 1000).toFixed(1)} s after the last fault`
    const faults = index.faults.windows.filter(({ end }) => end === lastEnd)
    const ends = faults.flatMap(({ entries }) => entries.slice(-1))
    for (const op of index.ops.all) {
      for (const { returned } of op.attempts) {
        if (!returned || returned.at <= lastEnd) continue
        look()
        if (returned.at <= limit || !isError(returned)) continue
        violation(
          `An operation ended with ${returned.code ?? returned.status ?? 'no answer'} ${late(returned.at)}.`,
          () => [...ends, ...told(op)],
          returned.at,
        )
      }
    }
    for (const { reader, gap } of slowReaders(index, lastEnd)) {
      look()
      if (!gap || gap.to <= limit) continue
      violation(
        gap.to >= index.end
          ? `Reader ${reader} was not live again after the last fault.`
          : `Reader ${reader} was live again only ${late(gap.to)}.`,
        () => [...ends, line(`not live from ${Math.round(gap.from)} to ${Math.round(gap.to)} ms`)],
        gap.to,
      )
    }
  },
}

/** How long it took, in milliseconds, from the end of the last fault. */
export function recoveryTime(index: HistoryIndex): number | undefined {
  const { lastEnd } = index.faults
  if (lastEnd === undefined) return undefined
  let normal = lastEnd
  for (const { attempts } of index.ops.all) {
    for (const { returned } of attempts) {
      if (returned && isError(returned)) normal = Math.max(normal, returned.at)
    }
  }
  for (const { gap } of slowReaders(index, lastEnd)) normal = Math.max(normal, gap?.to ?? 0)
  return normal - lastEnd
}

/** Each reader with the last gap that began before recovery was to be over. */
function slowReaders({ streams, sessions, end }: HistoryIndex, lastEnd: number) {
  return Array.from(streams.readers.values(), (reader) => {
    // Who begins later has nothing to recover from.
    const from = Math.max(lastEnd, reader.began[0]?.at ?? reader.streams[0]?.opened.at ?? 0)
    const gaps = sessions.mayBeOver(reader) ? [] : gapsOf(reader, from, end)
    const gap = gaps.findLast(({ from }) => from <= lastEnd + bounds.recovery)
    return { reader: reader.reader, gap }
  })
}

/** An answer that says that something is broken, or none. */
export const isError = ({ outcome, status, code }: Return): boolean =>
  (outcome === 'info' && code !== didNotLast) || (status !== undefined && status >= 500)
