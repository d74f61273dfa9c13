import { type Event, type EventKind, events } from '@parley/contract'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'

/** A row of the event log. */
export interface LogRow {
  seq: number
  kind: string
  actor_id: number | null
  at: string
  body: unknown
}

interface Interval {
  joined_seq: number
  left_seq: number | null
}

const schemas: Record<EventKind, TSchema> = { ...events }

const isKind = (kind: string): kind is EventKind => Object.hasOwn(schemas, kind)

const inside = (seq: number, intervals: readonly Interval[]): boolean =>
  intervals.some((span) => span.joined_seq < seq && (span.left_seq === null || seq < span.left_seq))

/**
 * An event as it leaves the server: only the fields that the contract names. An edit of a message
 * from outside the reader's intervals, where those matter, comes without its text. Undefined for a
 * kind that this version does not know.
 */
export function toEvent(
  topic: string,
  row: LogRow,
  intervals?: readonly Interval[],
): Event | undefined {
  const { seq, kind, actor_id, at, body } = row
  if (!isKind(kind) || typeof body !== 'object') return undefined
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- cleaned by the schema of its type
  const event = Value.Clean(schemas[kind], { topic, seq, kind, actor_id, at, ...body }) as Event
  if (event.kind === 'MessageUpdated' && intervals && !inside(event.message.seq, intervals)) {
    const message = { ...event.message, content: '', mentions: [] }
    return { ...event, message, mentions_before: [] }
  }
  return event
}
