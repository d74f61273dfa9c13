import { type Static, Type } from 'typebox'

const Count = Type.Integer({ minimum: 0 })

/** What a process of the crowd is to do at first: so many streams, from where all of them begin. */
export const Task = Type.Object({
  does: Type.Literal('open'),
  /** Of the notify-servers. */
  ports: Type.Array(Type.Integer(), { minItems: 1 }),
  /** The chat that everybody is in, how far it is, and the cursor of that moment. */
  chat: Type.Integer(),
  seq: Count,
  cursor: Type.String(),
  /** One stream each. */
  tokens: Type.Array(Type.String()),
})
export type Task = Static<typeof Task>

/** `begin`: counts from here on. `cut`: breaks all connections at once. Each is answered by a tally. */
export const Order = Type.Object({
  does: Type.Enum(['begin', 'cut', 'tell']),
  number: Count,
})
export type Order = Static<typeof Order>

/** What the streams of a process have met since they were told to begin. */
export const Counts = Type.Object({
  /** Events of the chat that were new, and those that a resume brought again, as it may. */
  events: Count,
  again: Count,
  /** Events that a resume brought, of any topic, as `ready` says. */
  replayed: Count,
  /** Times that a seq was not the next one; that a connection brought one twice. */
  gaps: Count,
  doubles: Count,
  /** Events of the chat that came to somebody who is not in it. */
  leaks: Count,
  /** Seqs that people were not to see, because they were out of the chat. */
  passed: Count,
  resyncs: Count,
  /** Attempts that brought no stream: refused by the server, or by the network. */
  refused: Count,
  /** Connections that ended, and streams that were live again after it. */
  lost: Count,
  returned: Count,
  /** The longest time from the one to the other, in milliseconds. */
  slowest: Type.Number({ minimum: 0 }),
  bytes: Count,
})
export type Counts = Static<typeof Counts>

export const Tally = Type.Object({
  /** Of the order that it answers; the first one comes when all are live. */
  number: Count,
  counts: Counts,
  live: Count,
  /** Streams of people who are not in the chat now. */
  away: Count,
  /** How many of the others are how far, as pairs of seq and streams. */
  reached: Type.Array(Type.Tuple([Count, Count])),
  /** Connections that each port has answered, in the order of the task. */
  open: Type.Array(Count),
})
export type Tally = Static<typeof Tally>

export const noCounts = (): Counts => ({
  events: 0,
  again: 0,
  replayed: 0,
  gaps: 0,
  doubles: 0,
  leaks: 0,
  passed: 0,
  resyncs: 0,
  refused: 0,
  lost: 0,
  returned: 0,
  slowest: 0,
  bytes: 0,
})

/** Adds what another process counted. */
export function add(to: Counts, more: Counts): void {
  to.events += more.events
  to.again += more.again
  to.replayed += more.replayed
  to.gaps += more.gaps
  to.doubles += more.doubles
  to.leaks += more.leaks
  to.passed += more.passed
  to.resyncs += more.resyncs
  to.refused += more.refused
  to.lost += more.lost
  to.returned += more.returned
  to.slowest = Math.max(to.slowest, more.slowest)
  to.bytes += more.bytes
}
