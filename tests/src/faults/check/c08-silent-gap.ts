import type { Frame } from '../history/entry.ts'
import type { Check, Findings } from './findings.ts'
import type { HistoryIndex } from './history-index.ts'
import { around, isStreamed } from './index-log.ts'
import { type Interval, intervalsOf } from './index-memberships.ts'
import type { StreamSeen } from './index-streams.ts'
import { line } from './lines.ts'
import { type Had, hadBefore } from './resumed.ts'

export const silentGap: Check = {
  id: 'C8',
  name: 'silent gap',
  property:
    'Inside one stream, and from a stream to the one that resumes it, each topic’s events are the entitled ones, one after the other, unless a resync was announced.',
  run(index, found) {
    for (const reader of index.streams.readers.values()) {
      const had = hadBefore(reader)
      for (const stream of reader.streams) follow(index, stream, had.get(stream), found)
    }
  },
}

/** Where a stream is in a topic. */
interface Place {
  seq: number
  frame: Frame | undefined
  /** It came on an earlier stream: some of it may come again. */
  earlier?: true
  /** Counts the resyncs before it: after one more the topic may jump. */
  resyncs: number
}

/** After these there is nothing more, and what was before them is not told any more. */
const endings = new Set(['ChatDeleted', 'WorkspaceDeleted'])

function follow(
  index: HistoryIndex,
  stream: StreamSeen,
  had: Had = new Map(),
  { look, violation }: Findings,
): void {
  const { user } = stream.opened
  const places = placesOf(had)
  let resyncs = 0
  for (const event of stream.events) {
    if (event.type === 'signal') {
      if (event.kind === 'resync') resyncs++
      continue
    }
    const { topic, seq, kind } = event
    const place = places.get(topic)
    const highest = place?.earlier ? seq : Math.max(seq, place?.seq ?? 0)
    places.set(topic, { seq: highest, frame: event, resyncs })
    if (event.about !== undefined && (kind === 'NewChat' || kind === 'AddToChat')) {
      begin(index, places, event, { user, about: event.about, resyncs })
    }
    if (!place) continue
    look()
    const next = nextEntitled(index, topic, user, place.seq)
    const jumps = place.resyncs < resyncs || endings.has(kind)
    // Between the two nothing is to be seen: that is a leak, and told as one.
    if ((seq > place.seq || place.earlier) && (seq <= next || jumps)) continue
    const jump = `jumps from ${place.seq}${place.earlier ? ' on an earlier one' : ''} to ${seq}`
    const how = seq > next ? jump : `comes back to ${seq} after ${place.seq}`
    violation(
      `On stream ${event.stream} of user ${user}, ${topic} ${how}.`,
      () => [
        stream.opened,
        ...(place.frame ? [place.frame] : []),
        event,
        line(around(index.log.get(topic), next)),
      ],
      event.at,
    )
  }
}

const placesOf = (had: Had): Map<string, Place> =>
  new Map(
    Array.from(had, ([topic, seq]) => [
      topic,
      { seq, frame: undefined, earlier: true, resyncs: 0 },
    ]),
  )

/** A chat that begins on a stream goes on from where the person joined. */
function begin(
  { memberships }: HistoryIndex,
  places: Map<string, Place>,
  frame: Frame,
  { user, about, resyncs }: { user: number; about: number; resyncs: number },
): void {
  const topic = `chat:${about}`
  const interval = intervalsOf(memberships, topic, user).find(
    ({ toldJoined }) => toldJoined === frame.seq,
  )
  if (!interval) return
  const place = places.get(topic)
  if (place && place.seq >= interval.joined) return
  places.set(topic, { seq: interval.joined, frame, resyncs })
}

/** The seq that a reader is to see next after one of a topic. */
function nextEntitled(index: HistoryIndex, topic: string, user: number, seq: number): number {
  const own = topic.startsWith('user:')
  const intervals = own ? [] : intervalsOf(index.memberships, topic, user)
  const log = index.log.get(topic)
  for (let next = seq + 1; ; next++) {
    if (!own) next = atOrAfter(intervals, next)
    if (!log || isStreamed(log, next)) return next
  }
}

/** Infinity where nothing more is to be seen. */
function atOrAfter(intervals: readonly Interval[], seq: number): number {
  for (const { joined, left } of intervals) {
    const first = Math.max(seq, joined + 1)
    if (first < left) return first
  }
  return Infinity
}
