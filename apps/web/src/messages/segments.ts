import type { Event, Message } from '@parley/contract'
import { applyToMessages } from '@parley/sdk'

/**
 * A run of messages without a hole, ascending by seq: all that the chat has from `from` to `to`. Seqs
 * of messages are not contiguous, so only the server's pages can tell. 0 and Infinity are the ends.
 */
export interface Segment {
  readonly from: number
  readonly to: number
  readonly messages: readonly Message[]
}

/** As the server answers. */
export interface Page {
  messages: readonly Message[]
  has_more_before: boolean
  has_more_after: boolean
}
/** What the page was asked for; the newest where nothing is said. */
export type Place =
  | { before: number }
  | { after: number }
  | { around: number }
  | { around_message: number }
  | { around_time: string }
  | object

export const hasMoreBefore = ({ from }: Segment): boolean => from > 0
export const hasMoreAfter = ({ to }: Segment): boolean => to !== Infinity

/** What a page tells everything about; undefined where that is nothing. */
export function segmentOf(page: Page, place: Place): Segment | undefined {
  const { messages } = page
  const first = messages[0]?.seq ?? ('before' in place ? place.before : Infinity)
  const last = messages.at(-1)?.seq ?? ('after' in place ? place.after : 0)
  const from = 'after' in place ? place.after + 1 : page.has_more_before ? first : 0
  const to = 'before' in place ? place.before - 1 : page.has_more_after ? last : Infinity
  return from > to ? undefined : { from, to, messages }
}

const touch = (a: Segment, b: Segment): boolean => a.from <= b.to + 1 && b.from <= a.to + 1

/** What the newer one does not tell of the older, and the newer. */
const joined = (old: Segment, fresh: Segment): Segment => ({
  from: Math.min(old.from, fresh.from),
  to: Math.max(old.to, fresh.to),
  messages: [
    ...old.messages.filter(({ seq }) => seq < fresh.from),
    ...fresh.messages,
    ...old.messages.filter(({ seq }) => seq > fresh.to),
  ],
})

/** The segments, ascending and apart, with what was just fetched: that is the truth where it reaches. */
export function mergeSegment(segments: readonly Segment[], fresh: Segment): readonly Segment[] {
  const apart = segments.filter((segment) => !touch(segment, fresh))
  const merged = segments.filter((segment) => touch(segment, fresh)).reduce(joinOnto, fresh)
  return [...apart, merged].toSorted((a, b) => a.from - b.from)
}

function joinOnto(merged: Segment, old: Segment): Segment {
  return joined(old, merged)
}

export const covers = ({ from, to }: Segment, seq: number): boolean => from <= seq && seq <= to

export const segmentAt = (segments: readonly Segment[], seq: number): Segment | undefined =>
  segments.find((segment) => covers(segment, seq))

/** A message that the answer to its sender told, maybe before events that happened earlier. */
export function insertMessage(segment: Segment, message: Message): Segment {
  const { messages, from, to } = segment
  const { seq } = message
  if (seq < from || seq > to || messages.some((one) => one.seq === seq)) return segment
  const at = messages.findLastIndex((one) => one.seq < seq) + 1
  return { ...segment, messages: messages.toSpliced(at, 0, message) }
}

/** The segments after an event of the chat; the same ones where nothing changed. */
export function applyToSegments(
  segments: readonly Segment[],
  event: Event,
  chatId: number,
): readonly Segment[] {
  if (event.topic !== `chat:${chatId}`) return segments
  const next = segments.map((segment) => {
    const { messages } = segment
    const late = event.kind === 'NewMessage' && event.seq <= (messages.at(-1)?.seq ?? 0)
    if (late) return insertMessage(segment, event.message)
    const changed = applyToMessages(messages, event, { chatId, atEnd: !hasMoreAfter(segment) })
    return changed === messages ? segment : { ...segment, messages: changed }
  })
  return next.some((segment, index) => segment !== segments[index]) ? next : segments
}

/**
 * What is kept of a segment when events were lost for good, or to save memory: some messages on each
 * side of a seq. Everything else is fetched again when somebody scrolls there.
 */
export function keepAround(segment: Segment, seq: number, each: number): Segment | undefined {
  const { messages } = segment
  const after = messages.findIndex((message) => message.seq >= seq)
  const middle = after === -1 ? messages.length : after
  const start = Math.max(0, middle - each)
  const kept = messages.slice(start, middle + each)
  const [first, last] = [kept[0], kept.at(-1)]
  if (!first || !last) return undefined
  const whole = last === messages.at(-1)
  return {
    from: start === 0 ? segment.from : first.seq,
    to: whole ? segment.to : last.seq,
    messages: kept,
  }
}

/** Closes the open end: what came after is not known. */
export const closed = (segment: Segment): Segment => ({
  ...segment,
  to: Math.min(segment.to, segment.messages.at(-1)?.seq ?? segment.from),
})
