import { grouped } from '../check/grouped.ts'
import type { HistoryIndex } from '../check/history-index.ts'
import { type Lane, type Scale, frame } from './scale.ts'
import { colours } from './style.ts'
import { el, hint, line, text } from './svg.ts'
import { mebibytes } from './words.ts'

const palette = ['#4a7fb5', '#4a9c6d', '#c58b1b', '#8c6bb1', '#b3446c', '#6e7781']

/** The memory of each process; one that was started anew is a new line of the same colour. */
export function memoryLane({ samples }: HistoryIndex, scale: Scale): Lane {
  const height = 90
  const peak = samples.reduce((a, { rss }) => Math.max(a, rss), 1)
  const names = [...new Set(samples.map(({ process }) => process))].toSorted()
  const colourOf = (process: string) => palette[names.indexOf(process) % palette.length] ?? ''
  const draw = (y: number) => {
    const heightOf = (rss: number) => y + height - (rss / peak) * (height - 8)
    const lines = Array.from(
      grouped(samples, ({ process, pid }) => `${process} (pid ${pid})`),
      ([name, list]) =>
        el(
          'polyline',
          {
            points: list
              .map(({ at, rss }) => `${scale.x(at).toFixed(1)},${heightOf(rss).toFixed(1)}`)
              .join(' '),
            fill: 'none',
            stroke: colourOf(list[0]?.process ?? ''),
            'stroke-width': 1.5,
          },
          hint(name),
        ),
    )
    return [
      line(frame.left, y + height, frame.right, y + height, { stroke: colours.rule }),
      text(frame.left - 10, y + 12, mebibytes(peak), { class: 'name faint' }),
      ...names.map((name, n) =>
        text(frame.left - 10, y + 30 + n * 14, name, {
          class: 'name faint',
          style: `fill: ${colourOf(name)}`,
        }),
      ),
      ...lines,
    ].join('\n')
  }
  return { height: Math.max(height, 30 + names.length * 14), draw }
}
