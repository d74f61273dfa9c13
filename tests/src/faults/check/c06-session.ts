import type { Call, Return } from '../history/entry.ts'
import type { Check, Findings } from './findings.ts'
import { grouped } from './grouped.ts'
import type { HistoryIndex } from './history-index.ts'
import { told } from './index-ops.ts'

/** One answered read of the newest page. */
interface Read {
  call: Call
  returned: Return
  seqs: number[]
  highest: number
}

export const session: Check = {
  id: 'C6',
  name: 'session',
  property:
    'Whoever reads a chat after their own message was acknowledged reads it or newer ones, and in one session the chat never goes back.',
  run(index, found) {
    const reads = answered(index)
    const bySession = grouped(reads, ({ chat, session }) => `${session} ${chat}`)
    for (const group of bySession.values()) monotonic(group, found)
    const byUser = grouped(reads, ({ chat, user }) => `${user} ${chat}`)
    const sends = grouped(
      index.ops.sends.filter(({ ok }) => ok?.returned.messages?.[0]),
      ({ user, action }) => `${user} ${action.chat}`,
    )
    for (const [key, group] of byUser) ownWrites(group, sends.get(key) ?? [], found)
  },
}

const answered = ({ ops }: HistoryIndex) =>
  ops.reads.flatMap(({ attempts, action, user, session }) =>
    attempts.flatMap(({ call, returned }) => {
      if (returned?.outcome !== 'ok') return []
      const seqs = (returned.messages ?? []).map(({ seq }) => seq)
      const highest = seqs.reduce((a, b) => Math.max(a, b), 0)
      return [{ call, returned, seqs, highest, chat: action.chat, user, session }]
    }),
  )

/** The reads in the order of their calls, each with the best that was over before it began. */
function sweep<Past>(
  reads: Read[],
  past: readonly Past[],
  endOf: (one: Past) => number,
  seqOf: (one: Past) => number,
  visit: (read: Read, newest: Past) => void,
): void {
  const byEnd = past.toSorted((a, b) => endOf(a) - endOf(b))
  let over = 0
  let newest: Past | undefined
  for (const read of reads.toSorted((a, b) => a.call.at - b.call.at)) {
    for (let one = byEnd[over]; one && endOf(one) < read.call.at; one = byEnd[over]) {
      if (newest === undefined || seqOf(one) > seqOf(newest)) newest = one
      over++
    }
    if (newest !== undefined) visit(read, newest)
  }
}

function monotonic(reads: Read[], { look, violation }: Findings): void {
  const endOf = ({ returned }: Read) => returned.at
  sweep(
    reads,
    reads,
    endOf,
    ({ highest }) => highest,
    (read, before) => {
      look()
      if (read.highest >= before.highest) return
      violation(
        `Session ${read.call.session} read up to seq ${before.highest} of a chat and later only up to ${read.highest}.`,
        () => [before.call, before.returned, read.call, read.returned],
        read.returned.at,
      )
    },
  )
}

function ownWrites(reads: Read[], sends: HistoryIndex['ops']['sends'], found: Findings): void {
  const seqOf = ({ ok }: (typeof sends)[number]) => ok?.returned.messages?.[0]?.seq ?? 0
  sweep(
    reads,
    sends,
    ({ ended }) => ended,
    seqOf,
    (read, own) => {
      found.look()
      const seq = seqOf(own)
      const lowest = read.seqs.reduce((a, b) => Math.min(a, b), Infinity)
      if (read.highest >= seq && (lowest > seq || read.seqs.includes(seq))) return
      found.violation(
        `User ${own.user} read chat:${own.action.chat} without their own seq ${seq}, acknowledged before.`,
        () => [...told(own), read.call, read.returned],
        read.returned.at,
      )
    },
  )
}
