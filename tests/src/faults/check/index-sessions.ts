import type { Doing, Op, Ops } from './index-ops.ts'
import type { ReaderSeen, StreamSeen, Streams } from './index-streams.ts'

/** The end of a session, and what it concerns. */
export interface Ending {
  session: number
  op: Op<Doing<'end_session'>>
  streams: readonly StreamSeen[]
}

export interface Sessions {
  /** Those whose end was acknowledged. */
  ended: Ending[]
  /** A session that was ended, or perhaps was: its reader is not expected to go on. */
  mayBeOver(reader: ReaderSeen): boolean
}

export function indexSessions({ endings }: Ops, { bySession }: Streams): Sessions {
  const over = new Set<number>()
  const ended = new Map<number, Ending>()
  for (const op of endings) {
    const session = op.action.ended
    if (!op.refused) over.add(session)
    const known = ended.get(session)
    if (op.ok && (!known || op.ended < known.op.ended)) {
      ended.set(session, { session, op, streams: bySession.get(session) ?? [] })
    }
  }
  return {
    ended: [...ended.values()],
    mayBeOver({ streams }) {
      const last = streams.at(-1)
      return last !== undefined && over.has(last.opened.session)
    },
  }
}
