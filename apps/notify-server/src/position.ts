import type { Snapshot } from './snapshot.ts'

/**
 * How far a stream got: it was written all rows visible in `seen`, and of those visible in
 * `partly.snapshot` the ones up to `partly.lastId`. Rows go out in the order of their ids, so this is
 * exact wherever the writing stopped.
 */
export interface Position {
  seen: Snapshot
  partly?: { snapshot: Snapshot; lastId: number }
}
