import { bounds } from './bounds.ts'
import type { HistoryIndex } from './history-index.ts'
import type { CheckReport, Excerpt, Violation } from './report.ts'

/** What a check tells while it looks. */
export interface Findings {
  look(things?: number): void
  /** `excerpt` is only asked for where the violation is kept. */
  violation(says: string, excerpt: () => Excerpt[], at?: number): void
}

export interface Check {
  id: string
  name: string
  property: string
  run(index: HistoryIndex, found: Findings): void
}

export function runCheck({ id, name, property, run }: Check, index: HistoryIndex): CheckReport {
  let looked = 0
  let count = 0
  const violations: Violation[] = []
  run(index, {
    look(things = 1) {
      looked += things
    },
    violation(says, excerpt, at) {
      count++
      if (violations.length < bounds.violations) violations.push({ says, excerpt: excerpt(), at })
    },
  })
  return { id, name, property, looked, count, violations }
}
