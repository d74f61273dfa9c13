import type { Counters, Report } from './report.ts'

/** What a run must have met at least: its own counters, and evidence of the fault. */
export type Minimum = Partial<Counters> & { evidence?: number }

/** By fault; `every` for each run whatever its faults. */
export type Minima = Readonly<Record<string, Minimum>>

/** Red are both `failed` and `inconclusive`: a run in which little happened proves little. */
export type Verdict = 'passed' | 'failed' | 'inconclusive'

/** A sentence for each thing that a run met too little of. */
export function shortfalls({ plan, counters, evidence }: Report, minima: Minima): string[] {
  return ['every', ...plan.faults].flatMap((fault) => {
    const met: Record<string, number> = { ...counters, evidence: evidence[fault] ?? 0 }
    return Object.entries(minima[fault] ?? {}).flatMap(([what, least]) => {
      const count = met[what] ?? 0
      const whose = fault === 'every' ? 'a run' : `a run with ${fault}`
      return count < least ? [`${whose} has at least ${least} ${what}; this one had ${count}.`] : []
    })
  })
}

export function verdict(report: Report, minima: Minima): Verdict {
  if (report.checks.some(({ count }) => count > 0)) return 'failed'
  return shortfalls(report, minima).length > 0 ? 'inconclusive' : 'passed'
}
