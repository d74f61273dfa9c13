import type { Cluster } from '../cluster/cluster.ts'
import type { Crowds } from '../crowd/crowd.ts'
import type { Fault as FaultEntry } from '../history/entry.ts'
import type { Recorder } from '../history/recorder.ts'
import type { Load } from '../load/load.ts'
import type { Random } from '../random.ts'

/** What a fault works on. */
export interface Field {
  cluster: Cluster
  load: Load
  crowds: Crowds
  recorder: Recorder
  random: Random
}

/**
 * Something that goes wrong, and right again. To add one: a file beside the others, and its row in
 * `all.ts`.
 */
export interface Fault {
  /** `F01`; it stays the same for ever, because seeds are kept. */
  id: string
  /** `kill-chat-server` */
  name: string
  /** What happens, in a sentence. */
  what: string
  /** Ways in which it happens. */
  variants: readonly [string, ...string[]]
  /** Those that are part of the smoke profile; none unless given. */
  smoke?: readonly string[]
  /** How long one takes, in seconds: for dealing them out. */
  seconds: number
  /** It goes on for long, beside the others. */
  background?: true
  /** Changes so much that nothing else may happen in the same run. */
  alone?: true
  /** Why it cannot happen on this machine; undefined where it can. */
  missing?(): string | undefined
  /** How much evidence of it a run must show, for each time that it happened. */
  evidence: number
  /** Lets it happen once, and returns when all is as it was. */
  run(field: Field, variant: string): Promise<void>
}

export interface Window extends Pick<FaultEntry, 'fault' | 'target'> {
  slows?: FaultEntry['slows']
  /** Whether clients may be refused because of it. Most faults are no excuse for some. */
  excuses?: boolean
}

/** Marks in the history when a fault begins and ends. */
export async function during<T>(
  { recorder }: Field,
  { fault, target, slows = 'nothing', excuses = true }: Window,
  work: () => Promise<T>,
): Promise<T> {
  const mark = (phase: 'begin' | 'end') =>
    recorder.record({ type: 'fault', fault, target, slows, excuses, phase })
  mark('begin')
  try {
    return await work()
  } finally {
    mark('end')
  }
}

/** Says that the fault met something: so many of what. */
export const met = ({ recorder }: Field, fault: string, what: string, count = 1): void =>
  recorder.record({ type: 'evidence', fault, what, count })
