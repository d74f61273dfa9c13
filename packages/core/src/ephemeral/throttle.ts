/** Of what comes again and again, lets through one per key and time. */
export type Throttle = (key: string) => boolean

export interface ThrottleOptions {
  /** In milliseconds. */
  everyMs: number
  /** So much earlier than due is forgiven, in milliseconds: networks do not keep time. On average nothing is gained by it. */
  jitterMs: number
  /** Keys that are remembered at the most; with more of them at once, new ones are refused. */
  most: number
  /** In milliseconds, by a clock that nobody sets. */
  now: () => number
}

export function createThrottle({ everyMs, jitterMs, most, now }: ThrottleOptions): Throttle {
  /** When the next one is due, by key; in the order in which they were let through. */
  const due = new Map<string, number>()

  function forget(time: number): void {
    for (const [key, at] of due) {
      // Somewhat out of order, by the jitter: what stays behind one of these goes a little later.
      if (at > time) return
      due.delete(key)
    }
  }

  return (key) => {
    const time = now()
    const at = due.get(key) ?? time
    if (time < at - jitterMs) return false
    forget(time)
    if (due.size >= most && !due.has(key)) return false
    due.delete(key)
    due.set(key, Math.max(time, at) + everyMs)
    return true
  }
}

/** Once per person, chat and three seconds. */
export const typingThrottle = (now: () => number): Throttle =>
  createThrottle({ everyMs: 3000, jitterMs: 500, most: 20_000, now })
