import type { Sample } from '../history/entry.ts'
import { bounds } from './bounds.ts'
import { sinceCrowdChanged, withoutCrowd } from './crowd-share.ts'
import type { Check, Findings } from './findings.ts'
import { grouped } from './grouped.ts'
import type { HistoryIndex } from './history-index.ts'
import { steadyGrowth } from './growth.ts'
import { line } from './lines.ts'
import type { ProcessFigures } from './report.ts'

const { resources } = bounds
const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`

export const resourcesBounded: Check = {
  id: 'C12',
  name: 'resources',
  property:
    'Each process stays within its memory, does not grow steadily, and returns to the memory and the descriptors it began with; little is kept for those who do not read.',
  run(index, found) {
    for (const all of byProcess(index.samples)) {
      const samples = withoutCrowd(all)
      const first = samples[0]
      const last = samples.at(-1)
      if (!first || !last) continue
      found.look(samples.length)
      const shown: Shown = (...some) => all.filter(({ at }) => some.some((one) => one.at === at))
      memory(samples, last, shown, found)
      descriptors(index, first, last, shown, found)
    }
    for (const samples of grouped(index.samples, ({ process }) => process).values())
      held(withoutCrowd(samples), found)
    backlogs(index, found)
  },
}

/** Samples as they were taken. */
type Shown = (...judged: Sample[]) => Sample[]

const byProcess = (samples: readonly Sample[]): Iterable<Sample[]> =>
  grouped(samples, ({ process, pid }) => `${process} ${pid}`).values()

function memory(samples: Sample[], last: Sample, shown: Shown, { violation }: Findings): void {
  const name = `${last.process} (pid ${last.pid})`
  const peak = samples.reduce((a, b) => (b.rss > a.rss ? b : a))
  if (peak.rss > resources.peak) {
    violation(`${name} took ${mebibytes(peak.rss)}.`, () => shown(peak), peak.at)
  }
  const half = sinceCrowdChanged(samples.slice(Math.floor(samples.length / 2)))
  const growth = steadyGrowth(half)
  const from = half[0]
  if (growth === undefined || !from) return
  violation(
    `${name} grows steadily: by ${mebibytes(growth)} over the second half of the run.`,
    () => shown(from, last),
    last.at,
  )
}

/** A server that was started anew is held to what it held when the run began, too. */
function held(samples: Sample[], { violation }: Findings): void {
  const known = samples.filter((sample) => sample.held !== undefined)
  const [first, last] = [known[0], known.at(-1)]
  if (first?.held === undefined || last?.held === undefined) return
  if (last.held <= first.held + resources.heldMore) return
  violation(
    `${last.process} (pid ${last.pid}) still holds ${mebibytes(last.held)}; it began with ${mebibytes(first.held)}.`,
    () => [first, last],
    last.at,
  )
}

/** What does not go out is read from the log again later: nothing of it is kept. */
function backlogs({ entries }: HistoryIndex, { look, violation }: Findings): void {
  for (const backlog of entries) {
    if (backlog.type !== 'backlog') continue
    look()
    if (backlog.bytes <= resources.backlog) continue
    violation(
      `${mebibytes(backlog.bytes)} were kept for ${backlog.reader}, who did not read.`,
      () => [backlog],
      backlog.at,
    )
  }
}

/** Streams that are open at the end and were not at the beginning have a descriptor each. */
function descriptors(
  { streams, plan }: HistoryIndex,
  first: Sample,
  last: Sample,
  shown: Shown,
  { violation }: Findings,
): void {
  const openAt = (at: number) =>
    streams.all.filter(
      ({ opened, closed }) =>
        opened.server === first.process && opened.at <= at && (closed?.at ?? Infinity) > at,
    ).length
  const more = Math.max(0, openAt(last.at) - openAt(first.at))
  const most = first.descriptors + more + resources.descriptors + plan.clients
  if (last.descriptors <= most) return
  violation(
    `${first.process} (pid ${first.pid}) ends with ${last.descriptors} descriptors, more than ${most}.`,
    () => [
      ...shown(first, last),
      line(`${more} more streams were open at the end than at the beginning`),
    ],
    last.at,
  )
}

/** Of each process, for the report. */
export const processFigures = ({ samples }: HistoryIndex): ProcessFigures[] =>
  Array.from(byProcess(samples), (list) => {
    const { process, pid } = list[0] ?? { process: '', pid: 0 }
    const over = (of: (sample: Sample) => number) => {
      const values = list.map(of)
      return {
        first: values[0] ?? 0,
        peak: values.reduce((a, b) => Math.max(a, b), 0),
        final: values.at(-1) ?? 0,
      }
    }
    return {
      process,
      pid,
      rss: over(({ rss }) => rss),
      held: list.at(-1)?.held,
      descriptors: over((one) => one.descriptors),
    }
  })
