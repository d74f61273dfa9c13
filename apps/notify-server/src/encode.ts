import { type UnknownEvent, events } from '@parley/contract'
import type { Logger } from '@parley/core/log'
import fastJson from 'fast-json-stringify'
import type { LogRow } from './log-row.ts'

/** One per kind, made from the contract: what its schema does not name cannot leave. */
const serializers = new Map(
  Object.entries(events).map(([kind, schema]) => [kind, fastJson(schema)] as const),
)

/** An event as its frame says it: under its kind, as JSON. */
export interface Encoded {
  kind: string
  data: string
}

export type Encode = (row: LogRow, body: object) => Encoded

/**
 * A kind that a newer version writes, or a body that breaks the contract, must not stop the events
 * behind it, and a hole would cost each reader a question or a bootstrap: they get an event that says
 * nothing but its place, and the log tells of each such kind once.
 */
export function createEncode(log: Logger): Encode {
  const told = new Set<string>()
  const unknown = (row: LogRow, why: string): Encoded => {
    if (!told.has(row.kind)) log.warn({ kind: row.kind }, why)
    told.add(row.kind)
    const event: UnknownEvent = { topic: topicOf(row), seq: row.seq, kind: 'Unknown' }
    return { kind: event.kind, data: JSON.stringify(event) }
  }
  return (row, body) => {
    const { kind, seq, at, actor_id } = row
    const serialize = serializers.get(kind)
    if (serialize === undefined) return unknown(row, 'events of an unknown kind are not shown')
    try {
      return { kind, data: serialize({ ...body, topic: topicOf(row), seq, kind, at, actor_id }) }
    } catch {
      return unknown(row, 'an event that breaks the contract is not shown')
    }
  }
}

const topicOf = ({ topic_kind, topic_id }: LogRow): string => `${topic_kind}:${topic_id}`
