import { setTimeout as delay } from 'node:timers/promises'

export interface UntilOptions {
  /** How long to keep trying, in milliseconds; 10 s unless given. */
  timeoutMs?: number
  /** What is waited for, to end the sentence "Waited 10000 ms for …". */
  what?: string
}

const everyMs = 5

type Truthy<T> = Exclude<T, false | null | undefined | 0 | ''>

/**
 * Asks again and again until the answer is truthy, and returns that answer. A condition that throws
 * counts as "not yet"; its last error becomes the cause of the failure.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, what = 'a condition that never came true' }: UntilOptions = {},
): Promise<Truthy<T>> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    let cause: unknown
    try {
      const answer = await condition()
      if (truthy(answer)) return answer
    } catch (error) {
      cause = error
    }
    if (performance.now() > deadline)
      throw new Error(`Waited ${timeoutMs} ms for ${what}.`, { cause })
    await delay(everyMs)
  }
}

function truthy<T>(answer: T): answer is T & Truthy<T> {
  return Boolean(answer)
}
