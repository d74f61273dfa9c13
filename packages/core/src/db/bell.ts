/** Wakes the one who waits; rings while nobody waits are kept, as one. */
export interface Bell {
  ring(): void
  /** Until it rings, at the longest for so many milliseconds. */
  heard(withinMs: number): Promise<void>
}

export function createBell(): Bell {
  let rung = false
  let wake = (): void => undefined
  return {
    ring() {
      rung = true
      wake()
    },
    async heard(withinMs) {
      if (!rung) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        const timer = setTimeout(resolve, withinMs)
        await promise
        clearTimeout(timer)
      }
      rung = false
    },
  }
}
