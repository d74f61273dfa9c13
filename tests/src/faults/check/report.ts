import type { CrowdSeen } from '../history/crowd-seen.ts'
import type { Entry, Plan } from '../history/entry.ts'

/** A part of the final state, told in a line, among the entries that explain a violation. */
export interface FinalSeen {
  type: 'final'
  shows: string
}

export type Excerpt = Entry | FinalSeen

export interface Violation {
  says: string
  /** The shortest part of the history that explains it, in the order in which it is to be read. */
  excerpt: Excerpt[]
  /** When it happened, or was noticed, on the run's clock; undefined for what only the end shows. */
  at: number | undefined
}

export interface CheckReport {
  /** `C1`. */
  id: string
  name: string
  /** What was to be true, in a sentence. */
  property: string
  /** How many things were looked at; a check that looked at nothing proves nothing. */
  looked: number
  /** All of the violations; only the first few are kept. */
  count: number
  violations: Violation[]
}

/** Times in milliseconds. */
export interface Spread {
  count: number
  p50: number
  p99: number
  max: number
}

export interface ProcessFigures {
  process: string
  pid: number
  rss: { first: number; peak: number; final: number }
  /** What was in use at the end, the garbage left out; undefined where it was not measured. */
  held: number | undefined
  descriptors: { first: number; peak: number; final: number }
}

export interface Figures {
  /** From the answer to a send to each delivery of its message, outside fault windows. */
  latency: Spread
  /** From the answer to the end of a session to the end of its last stream, by what slows it. */
  revocation: { slows: 'nothing' | 'bell' | 'partition'; bound: number; spread: Spread }[]
  /** From the end of the last fault until all is normal; undefined where there was no fault. */
  recovery: number | undefined
  processes: ProcessFigures[]
  crowds: CrowdSeen[]
}

/** How much of what the run is for did happen in it. */
export interface Counters {
  okSends: number
  infoOutcomes: number
  retries: number
  /** Retries of a send answered 200: the first attempt had had its effect. */
  retriesKnown: number
  deliveries: number
  replays: number
  replayedEvents: number
  resyncs: number
  /** Removals while a post of the removed person was under way. */
  removalsInFlight: number
  revocations: number
}

export interface Report {
  plan: Plan
  checks: CheckReport[]
  figures: Figures
  counters: Counters
  /** How often each fault met something, by fault. */
  evidence: Record<string, number>
}
