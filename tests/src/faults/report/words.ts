import type { Plan } from '../history/entry.ts'
import type { Spread } from '../check/report.ts'

/** What runs the same once more. */
export function replayCommand({ seed, faults, seconds, clients, profile }: Plan): string {
  if (profile !== undefined) return `npm run faults -- --profile ${profile} --seed ${seed}`
  const names = faults.join(',')
  const quoted = /^[\w,.-]*$/.test(names) && names !== '' ? names : `'${names}'`
  return `npm run faults -- --seed ${seed} --faults ${quoted} --seconds ${seconds} --clients ${clients}`
}

/** Columns as wide as their widest cell; the columns named by their place are aligned to the right. */
export function columns(
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string[] {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)))
  }
  return rows.map((row) =>
    row
      .map((cell, at) =>
        right.includes(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

export const milliseconds = (ms: number): string =>
  ms >= 1_000 ? `${(ms / 1_000).toFixed(2)} s` : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`

export const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`

export const spreadWords = ({ count, p50, p99, max }: Spread): string =>
  count === 0
    ? 'none'
    : `p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}, max ${milliseconds(max)} of ${count}`

/** `okSends` as `ok sends`. */
export const spaced = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
