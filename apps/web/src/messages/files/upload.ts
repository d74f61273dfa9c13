import { NetworkError, ParleyError } from '@parley/sdk'
import type { LaterKey } from '../../words/words.ts'

/** A file on its way to the server. */
export interface Upload {
  readonly key: string
  readonly name: string
  readonly size: number
  /** `lost` is one whose bytes the browser does not have any more, `paused` one that was told to wait. */
  readonly state: 'waiting' | 'uploading' | 'paused' | 'failed' | 'lost'
  /** From 0 to 1. */
  readonly part: number
  /** Why it failed. */
  readonly reason?: LaterKey
}

/**
 * What goes up in one request, in bytes: as much as is lost at the most where a proxy keeps a request
 * back until it has all of it.
 */
export const chunkSize = 8_000_000

/** Whether its upload goes on where it broke off; a smaller one is sent again. */
export const isResumable = ({ size }: { size: number }): boolean => size > chunkSize

/** What can be done to one that would not begin again by it. */
export function pausing(upload: Upload): 'pause' | 'resume' | undefined {
  if (!isResumable(upload)) return undefined
  if (upload.state === 'paused') return 'resume'
  return upload.state === 'waiting' || upload.state === 'uploading' ? 'pause' : undefined
}

/** What is to be known of an upload after a reload. */
export interface Half {
  /** Where the server has what it has of the file. */
  readonly path: string | undefined
  /** How far it was, from 0 to 1, when it was told to wait. */
  readonly paused: number | undefined
}

const reasons: Readonly<Record<string, LaterKey>> = {
  file_too_large: 'files.refused_size',
  quota_exceeded: 'files.refused_quota',
  storage_full: 'files.refused_room',
  rate_limited: 'problem.rate_limited',
}

/** The status of an answer that refused something; undefined where there was no answer. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof ParleyError || error instanceof NetworkError ? error.status : undefined

/** Why it did not get there, in words. */
export function reasonOf(error: unknown): LaterKey {
  if (error instanceof ParleyError) return reasons[error.code] ?? 'problem.failed'
  if (!(error instanceof NetworkError)) return 'problem.failed'
  // Proxies have limits of their own, and an answer to HEAD has no code.
  if (error.status === 413) return 'files.refused_size'
  return error.status === 507 ? 'files.refused_room' : 'app.unreachable'
}

/** What an upload that broke off means for the file. */
export type Fate =
  /** It goes on after a while, which is this at least, in milliseconds. */
  | { type: 'later'; ms: number }
  /** It waits for the next session. */
  | { type: 'signed_out' }
  | { type: 'failed' }

/** What passes by itself: too slow, changed by another, asked for patience, or the server is away. */
const passing: ReadonlySet<number> = new Set([408, 409, 423, 429, 500, 502, 503, 504])

export function fateOf(error: unknown): Fate {
  if (!(error instanceof ParleyError || error instanceof NetworkError)) return { type: 'failed' }
  const { status, retryAfterMs: ms = 0 } = error
  // An answer cut in the middle has a status of success; a redirect is a network's sign-in page.
  if (status === undefined || status < 400 || passing.has(status)) return { type: 'later', ms }
  return { type: status === 401 ? 'signed_out' : 'failed' }
}
