import type { Pool } from '@parley/core/db/pool'
import { type ResyncReason, whyNot } from './cursor.ts'
import type { Encode } from './encode.ts'
import type { Hub } from './hub.ts'
import { LogEvent } from './log-event.ts'
import { type Membership, Memberships, readMemberships } from './memberships.ts'
import type { Position } from './position.ts'
import { type Opening, readOpening, readReplay } from './queries.ts'
import { toLogRows } from './rounds.ts'
import { createSlots } from './slots.ts'
import { type Snapshot, parseSnapshot, snapshotBelow, withinLog } from './snapshot.ts'
import type { Stream } from './stream.ts'
import type { StreamWatch } from './stream-watch.ts'
import type { Tail } from './tail.ts'

/** Beyond these a replay costs more than a new bootstrap. */
const most = { events: 5000, bytes: 2 * 1024 * 1024 }
/** So many at once: ten thousand streams that come back together must not take the database down. */
const atOnce = 4

/** `behind`: its reader is too slow, or gone. The others mean that there is no stream. */
export type Outcome = 'live' | 'behind' | 'session_revoked' | 'unavailable'

export interface CatchUpOptions {
  db: Pool
  tail: Tail
  hub: Hub
  encode: Encode
  watch: StreamWatch
  /** Writes the head of the response, when it is sure that there will be one. */
  begin(stream: Stream): void
}

/**
 * Brings a stream from its position to where the others are: registers it with the hub, takes a
 * snapshot, replays what it sees, and hands over to the hub what came after it.
 *
 * The snapshot comes with the memberships, in one statement. The replay is a second one that leaves
 * out what the snapshot does not see. So no transaction is held open between them; rows of the log
 * do not change who wrote them, and a partition that is dropped in between shows in dropped_through.
 */
export function createCatchUp(options: CatchUpOptions): (stream: Stream) => Promise<Outcome> {
  const { db, tail, hub, begin } = options
  const slots = createSlots(atOnce)

  async function catchUp(stream: Stream): Promise<Outcome> {
    if (stream.closed) return 'behind'
    hub.collectFor(stream)
    try {
      const { userId, sessionId } = stream.reader
      const opening = await db.one(readOpening(userId, sessionId))
      if (!opening.signed_in) return 'session_revoked'
      const snapshot = withinLog(Number(opening.horizon), parseSnapshot(opening.snapshot))
      // The tail may not have seen yet what the snapshot sees; it would bring it a second time.
      const caughtUp = tail.caughtUp()
      caughtUp.catch(() => undefined)
      const memberships = readMemberships(opening.memberships)
      stream.memberships = new Memberships(memberships)
      if (stream.closed) return 'behind'
      begin(stream)
      if (!(await replay(options, stream, { ...opening, memberships }, snapshot))) return 'behind'
      await caughtUp
      return hub.goLive(stream, snapshot) ? 'live' : 'behind'
    } finally {
      hub.stopCollecting(stream)
    }
  }

  return (stream) => {
    stream.state = 'opening'
    return slots(() => catchUp(stream))
  }
}

/** Writes what the stream lacks up to the snapshot; false when its reader is too slow for all of it. */
async function replay(
  { db, encode, watch }: CatchUpOptions,
  stream: Stream,
  opening: Opening & { memberships: readonly Membership[] },
  upTo: Snapshot,
): Promise<boolean> {
  const from = startOf(watch, stream, opening, upTo)
  if (from === undefined) return true
  const partly = from.partly ?? { snapshot: snapshotBelow(1), lastId: 0 }
  const rows = await db.rows(
    readReplay({
      userId: stream.reader.userId,
      memberships: opening.memberships,
      seen: from.seen.text,
      upTo: upTo.text,
      partly: partly.snapshot.text,
      partlyId: partly.lastId,
      maxEvents: most.events,
      maxBytes: most.bytes,
    }),
  )
  if (stream.closed) return false
  const dropped = Number(rows[0]?.dropped_through)
  if (from.seen.xmin <= dropped) return resync(watch, stream, 'retention')
  if (rows.length > most.events || (rows.at(-1)?.bytes ?? 0) > most.bytes)
    return resync(watch, stream, 'too_much')
  const before = stream.replayed
  let bytes = 0
  const done = (whole: boolean): boolean => {
    stream.flush()
    watch.replayed(stream.replayed - before, bytes)
    return whole
  }
  for (const row of toLogRows(rows)) {
    const frame = new LogEvent(row, { joins: [], leaves: [] }, encode, undefined).frameFor(
      stream.memberships,
    )
    if (!stream.push(frame)) {
      watch.fellBehind()
      stream.fallBehind({ seen: from.seen, partly: { snapshot: upTo, lastId: row.id - 1 } })
      return done(false)
    }
    stream.replayed++
    bytes += frame.length
  }
  return done(true)
}

/** Undefined when there is nothing to replay: the stream starts with the snapshot. */
function startOf(
  watch: StreamWatch,
  stream: Stream,
  opening: Opening,
  snapshot: Snapshot,
): Position | undefined {
  if (stream.position) return stream.position
  const { cursor } = stream
  if (cursor === undefined) return undefined
  const { epoch } = opening
  const reason = whyNot(cursor, {
    epoch,
    droppedThrough: Number(opening.dropped_through),
    snapshot,
  })
  if (reason === undefined) return { seen: snapshotBelow(cursor.xmin) }
  resync(watch, stream, reason)
  return undefined
}

/**
 * The client has to take a new bootstrap, and the stream goes on from its snapshot. There is no hole:
 * the bootstrap is younger than that snapshot, so all it does not hold comes on this stream, and what
 * both hold is known by its seq. The duty outlives the connection: the ids that follow are already
 * beyond the gap, so a client that reconnects before it has its bootstrap still has to take one.
 */
function resync(watch: StreamWatch, stream: Stream, reason: ResyncReason): true {
  watch.resynced(reason)
  stream.say('resync', { reason })
  return true
}
