import { type Backoff, jitter } from '../backoff.ts'
import { ParleyError } from '../errors.ts'
import type { End } from './connection.ts'
import type { Leg } from './leg.ts'
import type { OfflineReason } from './state.ts'

/** What to do after a connection has ended. */
export type Next =
  | { does: 'wait'; reason: OfflineReason; ms: number }
  | { does: 'renew' }
  | { does: 'resync'; reason: string }
  | { does: 'go_on' }

/** What the server asks to wait, where it asks: on a refusal, and when it ends the stream itself. */
function floorOf(end: End, leg: Leg): number {
  if (end.why === 'refused') return end.error.retryAfterMs ?? 0
  if (end.why !== 'ended') return 0
  // These ends are spread over time already.
  const spread = leg.bye === 'max_age' || leg.bye === 'token_expired'
  const wanted = leg.bye === undefined ? leg.liveSince === undefined : !spread
  return wanted ? (leg.retryMs ?? 0) : 0
}

const offline: { [K in End['why']]: OfflineReason } = {
  ended: 'server',
  broken: 'network',
  silent: 'silent',
  closed: 'network',
  refused: 'server',
}

/** `attempt` counts the connections from 0 since the last that lived for long. */
export function afterEnd(end: End, leg: Leg, attempt: number, backoff: Backoff): Next {
  if (end.why === 'closed') return { does: 'go_on' }
  if (end.why === 'refused' && end.error instanceof ParleyError) {
    if (end.error.status === 401) return { does: 'renew' }
    if (end.error.code === 'invalid_cursor') return { does: 'resync', reason: 'invalid_cursor' }
  }
  // Either there is a new session, begun for a new password, or it is over.
  if (end.why === 'ended' && leg.bye === 'session_revoked') return { does: 'renew' }
  const ms = Math.max(jitter(attempt, backoff), floorOf(end, leg))
  return { does: 'wait', reason: offline[end.why], ms }
}
