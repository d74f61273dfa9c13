import { Refusal } from '../http/problem.ts'

/** What waits at the most, and for how long in milliseconds, before people are told to try later. */
export const longestQueue = 64
export const longestWait = 2_000

export const busy = (): Refusal => new Refusal('unavailable', { retryAfterSeconds: 2 })

interface Waiting {
  since: number
  begin: () => void
  reject: (error: unknown) => void
}

/**
 * Gives turns to what asks the database before it has a password checked: a few at a time and in
 * order, so that a crowd of them is no crowd of statements in front of what others want.
 */
export function createTurns(most: number): {
  take<T>(work: () => Promise<T>): Promise<T>
  waiting(): number
} {
  const queue: Waiting[] = []
  let running = 0

  function next(): void {
    while (running < most) {
      const waiting = queue.shift()
      if (waiting === undefined) return
      if (performance.now() - waiting.since > longestWait) waiting.reject(busy())
      else {
        running++
        waiting.begin()
      }
    }
  }

  return {
    async take(work) {
      if (queue.length >= longestQueue) throw busy()
      await new Promise<void>((begin, reject) => {
        queue.push({ since: performance.now(), begin, reject })
        next()
      })
      try {
        return await work()
      } finally {
        running--
        next()
      }
    },
    waiting: () => queue.length,
  }
}
