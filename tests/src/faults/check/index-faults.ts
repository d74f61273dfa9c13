import type { Entry, Fault } from '../history/entry.ts'
import { bounds } from './bounds.ts'

/** A fault from its beginning to its end. */
export interface FaultWindow {
  fault: string
  target: string
  slows: Fault['slows']
  excuses: boolean
  begin: number
  end: number
  /** From here on it may not be felt any more. */
  recovered: number
  entries: Fault[]
}

export interface Faults {
  /** In the order of their beginnings. */
  windows: FaultWindow[]
  /** The end of the last; undefined where there was none. */
  lastEnd: number | undefined
  /** Whether a fault that excuses errors, or the recovery from one, touches any of the time from the one to the other. */
  touched(from: number, to: number): boolean
  /** The end of the last recovery that touches the time. */
  recoveredAfter(from: number, to: number): number | undefined
}

export function indexFaults(entries: readonly Entry[]): Faults {
  const windows: FaultWindow[] = []
  const open = new Map<string, FaultWindow[]>()
  let end = entries.at(-1)?.at ?? 0
  let healed: number | undefined
  for (const entry of entries) {
    end = Math.max(end, entry.at)
    if (entry.type === 'phase' && entry.phase === 'heal') healed ??= entry.at
    if (entry.type !== 'fault') continue
    const { fault, target, slows, excuses, at } = entry
    const name = `${fault} ${target}`
    if (entry.phase === 'begin') {
      const window = {
        fault,
        target,
        slows,
        excuses,
        begin: at,
        end: Infinity,
        recovered: Infinity,
      }
      const begun = { ...window, entries: [entry] }
      windows.push(begun)
      open.set(name, [...(open.get(name) ?? []), begun])
    } else {
      const ended = open.get(name)?.shift()
      if (!ended) continue
      ended.end = at
      ended.entries.push(entry)
    }
  }
  for (const window of windows) {
    if (window.end === Infinity) window.end = Math.max(window.begin, healed ?? end)
    window.recovered = window.end + bounds.recovery
  }
  windows.sort((a, b) => a.begin - b.begin)
  return { windows, ...spans(windows.filter(({ excuses }) => excuses)) }
}

function spans(windows: readonly FaultWindow[]): Omit<Faults, 'windows'> {
  const merged: { from: number; to: number }[] = []
  let lastEnd: number | undefined
  for (const { begin, end, recovered } of windows) {
    lastEnd = Math.max(lastEnd ?? end, end)
    const before = merged.at(-1)
    if (before && begin <= before.to) before.to = Math.max(before.to, recovered)
    else merged.push({ from: begin, to: recovered })
  }
  /** The last span that begins no later than a time. */
  const spanUpTo = (at: number) => {
    let low = 0
    let high = merged.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((merged[middle]?.from ?? Infinity) <= at) low = middle + 1
      else high = middle
    }
    return merged[low - 1]
  }
  const recoveredAfter = (from: number, to: number) => {
    const span = spanUpTo(to)
    return span && from <= span.to ? span.to : undefined
  }
  return { lastEnd, recoveredAfter, touched: (from, to) => recoveredAfter(from, to) !== undefined }
}
