/** Bounds of the waiting time between attempts, in milliseconds. */
export interface Backoff {
  minMs: number
  maxMs: number
}

/**
 * Full jitter: a random time up to a ceiling that doubles with each attempt, so that clients who
 * lost the same server do not come back together. `attempt` counts from 0. Milliseconds.
 */
export function jitter(attempt: number, { minMs, maxMs }: Backoff): number {
  return Math.random() * Math.min(maxMs, minMs * 2 ** Math.min(attempt, 30))
}

/** Resolves after the time, or at once when the signal aborts: look at the signal afterwards. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
  })
}
