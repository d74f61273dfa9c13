export interface RestOptions {
  /** Bounds of the time between two attempts, in milliseconds. */
  minMs: number
  maxMs: number
  /** One has rested. */
  wake(): void
}
export type Rests = ReturnType<typeof createRests>

/** Those that wait until they are tried again: longer after each failure, all at random times. */
export function createRests({ minMs, maxMs, wake }: RestOptions) {
  const timers = new Map<string, ReturnType<typeof setTimeout> | undefined>()
  const failures = new Map<string, number>()

  function end(key: string): void {
    clearTimeout(timers.get(key))
    timers.delete(key)
  }

  return {
    has: (key: string): boolean => timers.has(key),
    /** How often it has failed now since something went well. */
    failed(key: string): number {
      const count = (failures.get(key) ?? 0) + 1
      failures.set(key, count)
      return count
    },
    /** Something goes well. */
    moved: (key: string): unknown => failures.delete(key),
    /** For so long at least, in milliseconds; where that is undefined, until all are woken. */
    begin(key: string, leastMs: number | undefined): void {
      if (leastMs === undefined) return void timers.set(key, undefined)
      const doublings = Math.min((failures.get(key) ?? 1) - 1, 30)
      const ms = leastMs + minMs / 2 + Math.random() * Math.min(maxMs, minMs * 2 ** doublings)
      const onEnd = () => {
        end(key)
        wake()
      }
      timers.set(key, setTimeout(onEnd, ms))
    },
    /** It is wanted at once, or no more. */
    forget(key: string): void {
      failures.delete(key)
      end(key)
    },
    endAll(): void {
      failures.clear()
      for (const key of timers.keys()) end(key)
      wake()
    },
  }
}
