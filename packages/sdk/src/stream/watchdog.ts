import type { Timing } from './state.ts'

export interface Watchdog {
  /** The server gave a sign of life. */
  alive(): void
  stop(): void
}

export interface WatchdogOptions {
  timing: Timing
  onLate(): void
  onBack(): void
  onDead(): void
}

/** What a sign of life may be late, as a part of the time between two. */
const slack = 0.1

/**
 * Tells when signs of life stay out: half-open connections look open for minutes. One timer looks
 * now and then at the time of the last sign, so that signs cost nothing.
 */
export function watch({ timing, onLate, onBack, onDead }: WatchdogOptions): Watchdog {
  const lateMs = timing.heartbeatMs * (1 + slack)
  const deadMs = timing.heartbeatMs * (2 + slack)
  let last = Date.now()
  let late = false
  let timer = setTimeout(look, lateMs)

  function look() {
    // A clock that was set back must not put off the end.
    last = Math.min(last, Date.now())
    const silent = Date.now() - last
    if (silent >= deadMs) {
      onDead()
      return
    }
    if (silent >= lateMs && !late) {
      late = true
      onLate()
    }
    timer = setTimeout(look, Math.max(1, (late ? deadMs : lateMs) - silent))
  }

  return {
    alive() {
      last = Date.now()
      if (!late) return
      late = false
      onBack()
    },
    stop: () => clearTimeout(timer),
  }
}
