import type { Spread } from './report.ts'

export function spread(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).toSorted()
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) }
}
