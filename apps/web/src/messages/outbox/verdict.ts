import { NetworkError, ParleyError } from '@parley/sdk'
import type { Reason } from './queue.ts'

/** What a send that did not succeed means for the message. */
export type Verdict =
  /** Send it again after this time, in milliseconds. */
  | { type: 'later'; ms: number }
  /** Nothing gets through: it waits for the connection. */
  | { type: 'unreachable' }
  /** The session is over: it waits for the next one. */
  | { type: 'signed_out' }
  | { type: 'failed'; reason: Reason }

/** Where the server asks for patience without saying how much, in milliseconds. */
const patienceMs = 2_000

const failed = (reason: Reason): Verdict => ({ type: 'failed', reason })

/** 502 to 504 and 408 are what proxies say for a server that is away, and Parley while it starts. */
const away: ReadonlySet<number> = new Set([408, 502, 503, 504])

function byStatus(status: number, retryAfterMs: number | undefined): Verdict {
  if (status === 429) return { type: 'later', ms: retryAfterMs ?? patienceMs }
  if (away.has(status)) return { type: 'unreachable' }
  if (status === 413) return failed('too_long')
  return failed(status >= 500 ? 'server' : 'refused')
}

function ofParley(error: ParleyError): Verdict {
  const { status, code } = error
  if (status === 401) return { type: 'signed_out' }
  if (status === 404) return failed('gone')
  if (code === 'not_a_member') return failed('not_a_member')
  if (code === 'invalid_request')
    return failed(error.errors.some((one) => one.code === 'maxLength') ? 'too_long' : 'text')
  if (code === 'unknown_file') return failed('files')
  if (status === 422) return failed('text')
  return byStatus(status, error.retryAfterMs)
}

/** `connected` says whether all else speaks for a connection. */
export function verdictOn(error: unknown, connected: boolean): Verdict {
  if (error instanceof ParleyError) return ofParley(error)
  if (error instanceof NetworkError) {
    const { status, retryAfterMs } = error
    // An answer cut in the middle has a status of success; a redirect is a network's sign-in page.
    if (status === undefined || status < 400) return { type: 'unreachable' }
    return byStatus(status, retryAfterMs)
  }
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return connected ? failed('timeout') : { type: 'unreachable' }
  return failed('server')
}
