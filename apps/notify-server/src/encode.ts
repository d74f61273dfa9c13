import { events } from '@parley/contract'
import type { Logger } from '@parley/core/log'
import fastJson from 'fast-json-stringify'
import type { LogRow } from './log-row.ts'

/** One per kind, made from the contract: what its schema does not name cannot leave. */
const serializers = new Map(
  Object.entries(events).map(([kind, schema]) => [kind, fastJson(schema)] as const),
)

/** The event as JSON; undefined where it cannot be sent. */
export type Encode = (row: LogRow, body: object) => string | undefined

/**
 * A kind that a newer version writes, or a body that breaks the contract, must not stop the events
 * behind it: it is left out, and the log tells of each such kind once. Its reader sees the hole.
 */
export function createEncode(log: Logger): Encode {
  const told = new Set<string>()
  const skip = (kind: string, why: string): undefined => {
    if (!told.has(kind)) log.warn({ kind }, why)
    told.add(kind)
  }
  return (row, body) => {
    const serialize = serializers.get(row.kind)
    if (serialize === undefined) return skip(row.kind, 'left out events of an unknown kind')
    try {
      return serialize({
        ...body,
        topic: `${row.topic_kind}:${row.topic_id}`,
        seq: row.seq,
        kind: row.kind,
        at: row.at,
        actor_id: row.actor_id,
      })
    } catch {
      return skip(row.kind, 'left out an event that breaks the contract')
    }
  }
}
