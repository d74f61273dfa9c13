import type { HistoryIndex } from '../check/history-index.ts'
import { grouped } from '../check/grouped.ts'
import type { FaultWindow } from '../check/index-faults.ts'
import { type Lane, type Scale, frame } from './scale.ts'
import { colours } from './style.ts'
import { hint, line, rect, text } from './svg.ts'

const rowHeight = 22

/** A row for each target, with its faults as bars; paler where they may still be felt. */
export function faultLane(index: HistoryIndex, scale: Scale): Lane {
  const rows = [...grouped(index.faults.windows, ({ target }) => target)].toSorted(([a], [b]) =>
    a.localeCompare(b),
  )
  const evidence = index.entries.filter((entry) => entry.type === 'evidence')
  return {
    height: rows.length * rowHeight,
    draw: (top) =>
      rows
        .map(([target, windows], n) => {
          const y = top + n * rowHeight
          const marks = evidence
            .filter(({ fault, at }) => windows.some((one) => isOf(one, fault, at)))
            .map(({ at, what, count }) =>
              rect(
                scale.x(at) - 1,
                y + 18,
                2.5,
                5,
                { fill: colours.ink },
                hint(`${what} (${count})`),
              ),
            )
          return [
            text(frame.left - 10, y + 15, target, { class: 'name' }),
            ...windows.map((one) => recoveryBar(one, scale, y)),
            ...windows.map((one) => bar(one, scale, y)),
            ...marks,
          ].join('\n')
        })
        .join('\n'),
  }
}

const isOf = (window: FaultWindow, fault: string, at: number): boolean =>
  window.fault === fault && window.begin <= at && at <= window.recovered

function recoveryBar({ end, recovered, slows }: FaultWindow, scale: Scale, y: number): string {
  const from = scale.x(end)
  const fill = colours.slows[slows]
  return rect(from, y + 9, scale.x(recovered) - from, 4, { fill, 'fill-opacity': 0.18 })
}

function bar({ fault, target, begin, end, slows }: FaultWindow, scale: Scale, y: number): string {
  const from = scale.x(begin)
  const width = Math.max(3, scale.x(end) - from)
  const seconds = ((end - begin) / 1_000).toFixed(2)
  const fits = width > fault.length * 6.5
  const label = fits
    ? text(from + 5, y + 14.5, fault, { fill: '#fff', style: 'fill: #fff; font-size: 11px' })
    : text(from, y + 1, fault, { class: 'faint', style: 'font-size: 9.5px' })
  const about = hint(`${fault} on ${target}: ${seconds} s, slows ${slows}`)
  return rect(from, y + 3, width, 16, { fill: colours.slows[slows], rx: 3 }, about) + label
}

/** Names the phases, and says where each begins. */
export function phaseLane({ phases }: HistoryIndex, scale: Scale): Lane {
  return {
    height: 20,
    draw: (y) =>
      phases
        .map(({ phase, at }, n) => {
          const from = scale.x(at)
          const to = scale.x(phases[n + 1]?.at ?? scale.to)
          const fill = n % 2 === 0 ? '#e7ecf1' : '#dbe2e9'
          const label =
            to - from > phase.length * 7 ? text(from + 6, y + 14, phase, { class: 'faint' }) : ''
          return rect(from, y, Math.max(0, to - from), 20, { fill }, hint(phase)) + label
        })
        .join('\n'),
  }
}

export const ruler = (
  scale: Scale,
  times: readonly number[],
  top: number,
  bottom: number,
): string =>
  times
    .map((at) => {
      const x = scale.x(at)
      const says = `${Number((at / 1_000).toFixed(1))} s`
      return (
        line(x, top, x, bottom, { stroke: colours.rule, 'stroke-width': 1 }) +
        text(x, top - 4, says, { class: 'faint', 'text-anchor': 'middle' })
      )
    })
    .join('\n')
