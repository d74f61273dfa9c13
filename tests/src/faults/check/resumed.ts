import type { Entry } from '../history/entry.ts'
import type { ReaderSeen, StreamSeen } from './index-streams.ts'

/** What a reader had of each topic, by its seq, when a stream of theirs was asked to go on from it. */
export type Had = ReadonlyMap<string, number>

/**
 * Of each stream of a reader that resumes: all that came on their earlier ones, or that a bootstrap
 * stood for. A cursor never stands for more. Nothing where a resync was announced and not yet obeyed:
 * from then on there may be holes.
 */
export function hadBefore(reader: ReaderSeen): Map<StreamSeen, Had> {
  const seen = reader.streams.flatMap(({ opened, events }) => [opened, ...events])
  const byOpening = new Map(reader.streams.map((stream) => [stream.opened as Entry, stream]))
  const had = new Map<string, number>()
  const before = new Map<StreamSeen, Had>()
  let owes = false
  for (const entry of [...seen, ...reader.began].toSorted((a, b) => a.at - b.at)) {
    if (entry.type === 'opened') {
      const stream = byOpening.get(entry)
      if (stream && entry.cursor !== null && !owes) before.set(stream, new Map(had))
    } else if (entry.type === 'signal') {
      owes ||= entry.kind === 'resync'
    } else {
      const topics = entry.type === 'began' ? entry.topics : { [entry.topic]: entry.seq }
      for (const [topic, seq] of Object.entries(topics)) {
        had.set(topic, Math.max(seq, had.get(topic) ?? 0))
      }
      if (entry.type === 'began') owes = false
    }
  }
  return before
}
