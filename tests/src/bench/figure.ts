/** One thing that was measured, and the most that it may be. */
export interface Figure {
  name: string
  measured: number
  /** Infinity where it is measured to be known. */
  budget: number
  unit: '' | 'ms' | 's' | 'px' | 'MB' | 'MiB' | 'kB' | '%' | 'x'
}

/** The middle of an ascending share of all: 0.5 for the median; NaN, which no budget allows, of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const isOk = ({ measured, budget }: Figure): boolean => measured <= budget

/** The same figures of several runs, as one: the median of each. */
export const medians = (runs: readonly (readonly Figure[])[]): Figure[] =>
  (runs[0] ?? []).map((figure, index) => ({
    ...figure,
    measured: percentile(
      runs.map((run) => run[index]?.measured ?? Number.NaN),
      0.5,
    ),
  }))

const written = (value: number): string =>
  Number.isNaN(value) ? 'none' : String(Math.round(value * 100) / 100)

const widths = [8, 60, 12, 12] as const
const line = (cells: readonly [string, string, string, string]): string =>
  cells
    .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
    .join(' ')

export const heading = line(['', 'name', 'measured', 'budget'])

export const row = (figure: Figure): string => {
  const { name, measured, budget, unit } = figure
  const cells = [
    `${written(measured)} ${unit}`,
    budget === Infinity ? 'none' : `${written(budget)} ${unit}`,
  ] as const
  return line([isOk(figure) ? 'ok' : 'FAILED', name, cells[0].trim(), cells[1].trim()])
}
