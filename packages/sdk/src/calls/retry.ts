import { type Backoff, jitter, pause } from '../backoff.ts'
import { NetworkError, ParleyError } from '../errors.ts'

export interface RetryOptions extends Backoff {
  /** How long to keep trying, in milliseconds from the first attempt; 0 tries once. */
  limitMs: number
}

export interface Retrying extends RetryOptions {
  /** Whether the call changes anything, so that an attempt without an answer leaves a doubt. */
  effects: boolean
  signal?: AbortSignal | undefined
}

export const defaultRetry: RetryOptions = { limitMs: 30_000, minMs: 500, maxMs: 10_000 }

const passing: ReadonlySet<number> = new Set([429, 502, 503, 504])

const passes = (error: unknown): error is ParleyError | NetworkError =>
  error instanceof NetworkError
    ? error.status === undefined || error.status < 300 || passing.has(error.status)
    : error instanceof ParleyError && passing.has(error.status)

/**
 * A refusal only speaks for its own attempt: when an earlier one may have got through, the whole
 * call may have taken effect.
 */
const doubtful = (error: unknown): unknown =>
  error instanceof ParleyError
    ? new ParleyError(error, { retryAfterMs: error.retryAfterMs, outcome: 'unknown' })
    : error

/** Repeats what may be repeated, until it succeeds, is refused for good, or the time is up. */
export async function retrying<T>(
  call: () => Promise<T>,
  { signal, effects, ...options }: Retrying,
): Promise<T> {
  const deadline = performance.now() + options.limitMs
  let unknown = false
  for (let n = 0; ; n++) {
    try {
      return await call()
    } catch (error) {
      if (!passes(error)) throw unknown ? doubtful(error) : error
      const wait = (error.retryAfterMs ?? 0) + jitter(n, options)
      if (performance.now() + wait > deadline) throw unknown ? doubtful(error) : error
      unknown ||= effects && error.outcome === 'unknown'
      await pause(wait, signal)
      signal?.throwIfAborted()
    }
  }
}
