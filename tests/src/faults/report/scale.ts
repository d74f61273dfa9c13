/** Where the lanes are: their names stand to the left of them. */
export const frame = { width: 1600, left: 230, right: 1570 } as const

export interface Scale {
  /** Milliseconds on the run's clock. */
  from: number
  to: number
  x(at: number): number
}

export function scaleOf(from: number, to: number): Scale {
  const wide = (frame.right - frame.left) / Math.max(1, to - from)
  return {
    from,
    to,
    x: (at) => frame.left + (Math.min(Math.max(at, from), to) - from) * wide,
  }
}

/** Round times for the axis, about ten of them. */
export function ticks({ from, to }: Scale): number[] {
  const least = (to - from) / 12
  const step = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000].find(
    (one) => one >= least,
  )
  const every = step ?? 60_000 * Math.ceil(least / 60_000)
  const first = Math.ceil(from / every)
  const last = Math.floor(to / every)
  return Array.from({ length: last - first + 1 }, (_, n) => (first + n) * every)
}

/** One lane: what is drawn in it, from `y` on, and how high it is. */
export interface Lane {
  height: number
  draw(y: number): string
}
