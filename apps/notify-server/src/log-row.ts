import type { TopicKind } from './memberships.ts'
import type { Snapshot } from './snapshot.ts'

/** A row of the event log. */
export interface LogRow {
  id: number
  topic_id: number
  topic_kind: TopicKind
  seq: number
  xid: number
  kind: string
  actor_id: number | null
  at: string
  /** JSON as the trigger wrote it. */
  body: unknown
}

/** A round of the tail, or a part of it: rows in the order of their ids, all visible in `snapshot`. */
export interface Page {
  rows: readonly LogRow[]
  snapshot: Snapshot
}
