import { setImmediate as otherWork } from 'node:timers/promises'
import { formatCursor } from './cursor.ts'
import type { Encode } from './encode.ts'
import { type LogEvent, toEvents } from './log-event.ts'
import type { Page } from './log-row.ts'
import { Registry } from './registry.ts'
import type { Listener } from './rounds.ts'
import { type Snapshot, isVisible, snapshotBelow } from './snapshot.ts'
import type { Stream } from './stream.ts'
import type { StreamWatch } from './stream-watch.ts'

/** Most streams of one user; one more ends the oldest. */
const mostPerUser = 20
/** Most events that are kept for a stream that is slow to open; after more it catches up once again. */
const mostMissed = 10_000
/** After so many writes, accepts and other requests get their turn. */
const writesAtOnce = 1000

/** Who may see what, and the fan-out. All of it is decided by events of the log, in their order. */
export class Hub implements Listener {
  readonly streams: Set<Stream>
  readonly #encode: Encode
  readonly #watch: StreamWatch
  readonly #topics = new Registry()
  readonly #users = new Registry()
  readonly #sessions = new Registry()
  readonly #opening = new Set<Stream>()
  #epoch = ''
  #seen = snapshotBelow(1)

  constructor(encode: Encode, streams: Set<Stream>, watch: StreamWatch) {
    this.#encode = encode
    this.streams = streams
    this.#watch = watch
  }

  /** Where a live stream can be resumed that got all that was delivered. */
  get cursor(): string {
    return formatCursor(this.#epoch, this.#seen)
  }

  add(stream: Stream): void {
    const { userId, sessionId } = stream.reader
    const [oldest] = this.#users.get(userId)
    if (oldest && this.#users.count(userId) >= mostPerUser) {
      oldest.close('too_many_streams')
      this.remove(oldest)
    }
    this.streams.add(stream)
    this.#users.add(userId, stream)
    this.#sessions.add(sessionId, stream)
  }

  remove(stream: Stream): void {
    this.streams.delete(stream)
    this.#users.delete(stream.reader.userId, stream)
    this.#sessions.delete(stream.reader.sessionId, stream)
    this.#opening.delete(stream)
    this.#unsubscribe(stream)
  }

  /** From here on the stream misses nothing: what is delivered to others is kept for it. */
  collectFor(stream: Stream): void {
    stream.missed = []
    stream.missedEvents = 0
    this.#opening.add(stream)
  }

  /**
   * The cut-over. The stream was written all that `snapshot` sees, and a round that began after the
   * snapshot is delivered: what the stream missed is exactly what was collected and was not visible.
   * False when the reader is too slow for it, or when it was too much to keep.
   */
  goLive(stream: Stream, snapshot: Snapshot): boolean {
    this.#opening.delete(stream)
    const missed = stream.missed
    stream.missed = []
    if (stream.closed) return false
    if (stream.missedEvents > mostMissed) {
      stream.fallBehind({ seen: snapshot })
      return false
    }
    stream.state = 'live'
    for (const page of missed) {
      for (const event of page.events) {
        if (isVisible(event.row.xid, snapshot)) continue
        if (!this.#passBy(stream, event, page.snapshot, snapshot)) return false
      }
    }
    for (const topicId of stream.memberships.open()) this.#topics.add(topicId, stream)
    stream.flush()
    return true
  }

  /** Gives up on catching up. */
  stopCollecting(stream: Stream): void {
    this.#opening.delete(stream)
    stream.missed = []
  }

  began(epoch: string, snapshot: Snapshot): void {
    this.#epoch = epoch
    this.#seen = snapshot
  }

  async deliver(page: Page): Promise<void> {
    const events = toEvents(page, this.#encode, this.cursor)
    for (const stream of this.#opening) {
      stream.missedEvents += events.events.length
      if (stream.missedEvents > mostMissed) stream.missed = []
      else stream.missed.push(events)
    }
    const dirty: Stream[] = []
    for (const event of events.events) this.#broadcast(event, page.snapshot, dirty)
    let written = 0
    for (const stream of dirty) {
      stream.flush()
      if (++written % writesAtOnce === 0) await otherWork()
    }
  }

  completed(snapshot: Snapshot): void {
    this.#seen = snapshot
  }

  lost(reason: 'epoch' | 'retention'): void {
    for (const stream of this.streams) {
      if (stream.outlet.begun) {
        stream.say('resync', { reason })
        this.#watch.resynced(reason)
      }
      stream.close('resync')
    }
  }

  /**
   * The streams of those who are in one of the topics now, as far as the log was delivered, and of one
   * more user; each once.
   */
  audience(topicIds: Iterable<number>, userId?: number): Set<Stream> {
    const streams = new Set(userId === undefined ? [] : this.#users.get(userId))
    for (const topicId of topicIds)
      for (const stream of this.#topics.get(topicId)) streams.add(stream)
    return streams
  }

  /** One event to all who are live. */
  #broadcast(event: LogEvent, snapshot: Snapshot, dirty: Stream[]): void {
    const { row, movement } = event
    for (const stream of this.#liveOf(movement.leaves)) {
      stream.memberships.leave(row.topic_id, row.seq)
      this.#topics.delete(row.topic_id, stream)
    }
    const audience = row.topic_kind === 'user' ? this.#users : this.#topics
    for (const stream of audience.get(row.topic_id)) {
      if (stream.state !== 'live') continue
      const clean = !stream.dirty
      this.#feed(stream, event, snapshot, this.#seen)
      if (clean && stream.dirty) dirty.push(stream)
    }
    for (const stream of this.#liveOf(movement.joins)) {
      stream.memberships.join(row.topic_id, row.seq)
      this.#topics.add(row.topic_id, stream)
    }
    if (event.endsTopic) {
      for (const stream of this.#topics.get(row.topic_id)) stream.memberships.end(row.topic_id)
      this.#topics.clear(row.topic_id)
    }
    if (event.revoked !== undefined) {
      for (const stream of this.#sessions.get(event.revoked)) stream.close('session_revoked')
    }
  }

  /** The same for one stream that catches up; a revoked session ended it already. */
  #passBy(stream: Stream, event: LogEvent, snapshot: Snapshot, seen: Snapshot): boolean {
    const { row, movement } = event
    const { memberships, reader } = stream
    if (movement.leaves.includes(reader.userId)) memberships.leave(row.topic_id, row.seq)
    const may =
      row.topic_kind === 'user' ? row.topic_id === reader.userId : memberships.isIn(row.topic_id)
    if (may && !this.#feed(stream, event, snapshot, seen)) return false
    if (movement.joins.includes(reader.userId)) memberships.join(row.topic_id, row.seq)
    if (event.endsTopic) memberships.end(row.topic_id)
    return true
  }

  /** False when the reader is too slow: the stream is fed no more. */
  #feed(stream: Stream, event: LogEvent, snapshot: Snapshot, seen: Snapshot): boolean {
    if (stream.push(event.frameFor(stream.memberships))) return true
    this.#unsubscribe(stream)
    stream.flush()
    this.#watch.fellBehind()
    stream.fallBehind({ seen, partly: { snapshot, lastId: event.row.id - 1 } })
    return false
  }

  #unsubscribe(stream: Stream): void {
    for (const topicId of stream.memberships.open()) this.#topics.delete(topicId, stream)
  }

  *#liveOf(userIds: readonly number[]): Generator<Stream> {
    for (const userId of userIds) {
      for (const stream of this.#users.get(userId)) if (stream.state === 'live') yield stream
    }
  }
}
