import type { Snapshot } from './snapshot.ts'

/**
 * Where a stream may be resumed, on any server: every row of the log below `xmin` that its reader
 * may see was written to it. A low watermark: what follows may hold events that came already.
 */
export interface Cursor {
  /** The log's past that it belongs to; another after a restore. */
  epoch: string
  xmin: number
}

/** Undefined for what no server of ours gave out. */
export function parseCursor(text: string): Cursor | undefined {
  const [, epoch, digits] = /^([\w-]{1,32})\.([1-9][0-9]{0,15})$/.exec(text) ?? []
  const xmin = Number(digits)
  return epoch !== undefined && Number.isSafeInteger(xmin) ? { epoch, xmin } : undefined
}

export const formatCursor = (epoch: string, { xmin }: Snapshot): string => `${epoch}.${xmin}`

/** What the log can give at the moment of `snapshot`. */
export interface LogState {
  epoch: string
  /** Rows up to this transaction may be gone. */
  droppedThrough: number
  snapshot: Snapshot
}

export type ResyncReason = 'epoch' | 'retention' | 'unknown' | 'too_much'

/** Why the log cannot continue from the cursor, or undefined when it can. */
export function whyNot(cursor: Cursor, log: LogState): ResyncReason | undefined {
  if (cursor.epoch !== log.epoch) return 'epoch'
  if (cursor.xmin <= log.droppedThrough) return 'retention'
  if (cursor.xmin > log.snapshot.xmax) return 'unknown'
  return undefined
}
