/** Wakes the one who waits; rings while nobody waits are kept, as one. */
export interface Bell {
  ring(): void
  /**
   * Until it rings, at the longest for so many milliseconds. Returns when it first rang since the last
   * time, by `performance.now()`; undefined when it did not.
   */
  heard(withinMs: number): Promise<number | undefined>
}

export function createBell(): Bell {
  let rangAt: number | undefined
  let wake = (): void => undefined
  return {
    ring() {
      rangAt ??= performance.now()
      wake()
    },
    async heard(withinMs) {
      if (rangAt === undefined) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        const timer = setTimeout(resolve, withinMs)
        await promise
        clearTimeout(timer)
      }
      const since = rangAt
      rangAt = undefined
      return since
    },
  }
}
