import type { Entry, Final, History, Phase, Plan, Sample } from '../history/entry.ts'
import { grouped } from './grouped.ts'
import { type Faults, indexFaults } from './index-faults.ts'
import { type LogTopic, indexLog } from './index-log.ts'
import { type Memberships, indexMemberships } from './index-memberships.ts'
import { type Ops, indexOps } from './index-ops.ts'
import { type Streams, indexStreams } from './index-streams.ts'
import { type Sessions, indexSessions } from './index-sessions.ts'
import { withoutLost } from './rewound.ts'

export type Stored = Final['messages'][number]

/** A history put in order once, for all checks. */
export interface HistoryIndex {
  plan: Plan
  entries: readonly Entry[]
  final: Final
  ops: Ops
  streams: Streams
  sessions: Sessions
  log: Map<string, LogTopic>
  memberships: Memberships
  faults: Faults
  /** The stored messages by id, and by chat in the order in which they were read. */
  messages: Map<number, Stored>
  messagesByChat: Map<number, Stored[]>
  sinceJoin: ReadonlySet<number>
  /** Chats that those outside of them may read. */
  open: ReadonlySet<number>
  /** When all that could still happen has happened: the phase `final`, or the last entry. */
  end: number
  phases: Phase[]
  samples: Sample[]
}

export function indexHistory(history: History): HistoryIndex {
  const { plan, entries, final } = withoutLost(history)
  const log = indexLog(final, entries)
  const ops = indexOps(entries)
  const streams = indexStreams(entries)
  const phases = entries.filter((entry) => entry.type === 'phase')
  return {
    plan,
    entries,
    final,
    ops,
    streams,
    sessions: indexSessions(ops, streams),
    log,
    memberships: indexMemberships(final, log),
    faults: indexFaults(entries),
    messages: new Map(final.messages.map((message) => [message.id, message])),
    messagesByChat: grouped(final.messages, ({ chat }) => chat),
    sinceJoin: new Set(final.since_join),
    open: new Set(final.open ?? []),
    end: phases.findLast(({ phase }) => phase === 'final')?.at ?? entries.at(-1)?.at ?? 0,
    phases,
    samples: entries.filter((entry) => entry.type === 'sample'),
  }
}
