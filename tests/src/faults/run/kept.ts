import type { Plan } from '../history/entry.ts'

/** A run that was red once, and why: `full` plays it for ever. */
interface Kept extends Pick<Plan, 'seed' | 'faults'> {
  why: string
}

export const kept: readonly Kept[] = [
  {
    seed: 1004,
    faults: ['F03', 'F04', 'F06', 'F15'],
    why: 'The log aged while the database was away: the tail had a hole and did not say so.',
  },
  {
    seed: 1014,
    faults: ['F14'],
    why: 'Streams of ended sessions went on while the notify-servers could not reach the database.',
  },
]
