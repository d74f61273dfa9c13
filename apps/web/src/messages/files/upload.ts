import { NetworkError, ParleyError } from '@parley/sdk'
import type { LaterKey } from '../../words/words.ts'

/** A file on its way to the server. */
export interface Upload {
  readonly key: string
  readonly name: string
  readonly size: number
  /** `lost` is one whose bytes the browser does not have any more. */
  readonly state: 'waiting' | 'uploading' | 'failed' | 'lost'
  /** From 0 to 1. */
  readonly part: number
  /** Why it failed. */
  readonly reason?: LaterKey
}

const reasons: Readonly<Record<string, LaterKey>> = {
  file_too_large: 'files.refused_size',
  quota_exceeded: 'files.refused_quota',
  storage_full: 'files.refused_room',
  rate_limited: 'problem.rate_limited',
}

/** Why it did not get there, in words. */
export function reasonOf(error: unknown): LaterKey {
  if (error instanceof NetworkError) return 'app.unreachable'
  return (error instanceof ParleyError && reasons[error.code]) || 'problem.failed'
}

/** Does the work unless another tab does it already. Pages without TLS have no locks. */
export async function alone(key: string, work: () => Promise<void>): Promise<void> {
  if (!('locks' in navigator)) return work()
  await navigator.locks.request(`parley.upload.${key}`, { ifAvailable: true }, async (lock) => {
    if (lock) await work()
  })
}

/** Those that other tabs are uploading. */
export async function takenKeys(): Promise<ReadonlySet<string>> {
  if (!('locks' in navigator)) return new Set()
  const { held = [] } = await navigator.locks.query()
  return new Set(held.map(({ name = '' }) => name.replace(/^parley\.upload\./, '')))
}
