import type { Minima } from '../check/vacuity.ts'
import type { Turn } from '../nemesis/schedule.ts'

/** What every run has to have met, so that passing means something. */
const always = { okSends: 100, deliveries: 500 }

/** The same for the faults of a run: each time that one happened it must have met something. */
export function minimaOf(turns: readonly Turn[]): Minima {
  const evidence = new Map<string, number>()
  for (const { fault } of turns) {
    evidence.set(fault.id, (evidence.get(fault.id) ?? 0) + fault.evidence)
  }
  return {
    every: always,
    ...Object.fromEntries(Array.from(evidence, ([id, least]) => [id, { evidence: least }])),
  }
}
