/** Times of a stream, in milliseconds. */
export interface Timing {
  /** How often the server gives a sign of life. Two that stay out mean that the stream is dead. */
  heartbeatMs: number
  /** How long the server may take to answer. */
  connectMs: number
  /** Bounds of the waiting time before a new connection. */
  minMs: number
  maxMs: number
}

export const defaultTiming: Timing = {
  heartbeatMs: 15_000,
  connectMs: 15_000,
  minMs: 500,
  maxMs: 30_000,
}

/**
 * - `connecting`: on the way to be live; what is shown may be old.
 * - `live`: everything up to now was delivered, and what comes will be at once.
 * - `stale`: a sign of life is overdue; it may be live still.
 * - `offline`: no connection; a new one is tried after `retryInMs`, or never: `signed_out`, `closed`,
 *   `failed` (the application threw).
 */
export type StreamState =
  | { state: 'connecting'; reason: 'start' | 'reconnect' | 'resync' }
  | { state: 'live' }
  | { state: 'stale'; reason: 'heartbeat_missed' }
  | { state: 'offline'; reason: OfflineReason; retryInMs?: number }

export type OfflineReason =
  /** No answer, or the connection broke. */
  | 'network'
  /** Two signs of life stayed out. */
  | 'silent'
  /** The server refused the stream for now, or ended it. */
  | 'server'
  | 'signed_out'
  | 'closed'
  | 'failed'
