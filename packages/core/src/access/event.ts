import { type Event, type UnknownEvent, events } from '@parley/contract'
import { Compile } from 'typebox/compile'

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

const validators = new Map(
  Object.entries(events).map(([kind, schema]) => [kind, Compile(schema)] as const),
)

const inside = (seq: number, intervals: readonly Interval[]): boolean =>
  intervals.some((span) => span.joined_seq < seq && (span.left_seq === null || seq < span.left_seq))

/**
 * An event as it leaves the server: only the fields that the contract names. An edit of a message
 * from outside the reader's intervals, where those matter, comes without its text.
 */
export function toEvent(
  topic: string,
  row: LogRow,
  intervals?: readonly Interval[],
): Event | UnknownEvent {
  const event = shown(topic, row)
  if (event === undefined) return { topic, seq: row.seq, kind: 'Unknown' }
  if (event.kind === 'MessageUpdated' && intervals && !inside(event.message.seq, intervals)) {
    const message = { ...event.message, content: '', files: [], mentions: [] }
    return { ...event, message, mentions_before: [] }
  }
  return event
}

/** Undefined for a kind that this version does not know, and for a body that breaks the contract. */
function shown(topic: string, { seq, kind, actor_id, at, body }: LogRow): Event | undefined {
  const validator = validators.get(kind)
  if (validator === undefined || typeof body !== 'object') return undefined
  // What came into the contract after the event was logged has a default.
  const event = validator.Default(validator.Clean({ topic, seq, kind, actor_id, at, ...body }))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked by the schema of its kind
  return validator.Check(event) ? (event as Event) : undefined
}
