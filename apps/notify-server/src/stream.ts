import { type signals, type SignalKind } from '@parley/contract'
import type { Static } from 'typebox'
import type { Cursor } from './cursor.ts'
import { eventFrame } from './frame.ts'
import type { EventPage } from './log-event.ts'
import { Memberships } from './memberships.ts'
import type { Outlet } from './outlet.ts'
import type { Position } from './position.ts'

/** A stream is fed no more while its socket holds this many bytes. */
const fullAt = 256 * 1024

/** And it is not given what may be lost while there are so many. */
const busyAt = 64 * 1024

/** Why a stream ends, as its reader and the log are told. */
export const goodbyes = [
  'session_revoked',
  'token_expired',
  'max_age',
  'too_many_streams',
  'too_slow',
  'resync',
  'unavailable',
  'shutdown',
] as const
export type Goodbye = (typeof goodbyes)[number]

export interface Reader {
  userId: number
  sessionId: number
  /** The key of their token, or of the one that their ticket was made with; unknown for old tickets. */
  kid: string | undefined
  /** When their token ends, in milliseconds since 1970; a ticket sets no end. */
  expiresAt: number | undefined
}

/**
 * One open response. `opening`: it is catching up, the hub collects what comes meanwhile. `live`: the
 * hub feeds it. `behind`: its reader is slow, it gets nothing until the socket is empty, and then
 * catches up from where it stopped.
 */
export class Stream {
  readonly outlet: Outlet
  readonly reader: Reader
  /** Where the client says it was. */
  readonly cursor: Cursor | undefined
  state: 'opening' | 'live' | 'behind' | 'closed' = 'opening'
  memberships = new Memberships([])
  position: Position | undefined
  /** What the hub delivered to others while this stream was opening; shared with all that were. */
  missed: EventPage[] = []
  missedEvents = 0
  replayed = 0
  goodbye: Goodbye | undefined
  /** Bytes that its reader had not taken when it was closed or cut; unknown where the reader went. */
  unsent: number | undefined
  #readySaid = false
  #batch: Buffer[] = []
  #batchBytes = 0

  constructor(outlet: Outlet, reader: Reader, cursor: Cursor | undefined) {
    this.outlet = outlet
    this.reader = reader
    this.cursor = cursor
  }

  get closed(): boolean {
    return this.state === 'closed'
  }

  /** Whether there is something to flush. */
  get dirty(): boolean {
    return this.#batch.length > 0
  }

  /** Takes a frame for the next flush, or says that the reader is too slow for it. */
  push(frame: Buffer): boolean {
    if (this.outlet.waiting + this.#batchBytes > fullAt) return false
    this.#batch.push(frame)
    this.#batchBytes += frame.length
    return true
  }

  /** The same for what may be lost: it gives way first. */
  offer(frame: Buffer): boolean {
    if (this.state !== 'live' || this.outlet.waiting + this.#batchBytes > busyAt) return false
    return this.push(frame)
  }

  /** Everything pushed since the last time goes out in one write. */
  flush(): void {
    if (this.#batch.length === 0 || this.closed) return
    this.outlet.write(this.#batch)
    this.#batch = []
    this.#batchBytes = 0
  }

  /** What the stream itself has to say. It is short, so it goes out even to a slow reader. */
  say<K extends SignalKind>(kind: K, data: Static<(typeof signals)[K]>, cursor?: string): void {
    this.flush()
    if (!this.closed) this.outlet.write([eventFrame(kind, JSON.stringify(data), cursor)])
  }

  /** Says, once, that from now on events come as they happen. */
  sayReady(cursor: string): void {
    if (this.#readySaid) return
    this.#readySaid = true
    this.say('ready', { cursor, replayed: this.replayed }, cursor)
  }

  fallBehind(position: Position): void {
    this.state = 'behind'
    this.position = position
  }

  /** Says why and ends. */
  close(reason: Goodbye): void {
    if (this.closed) return
    this.goodbye = reason
    this.unsent = this.outlet.waiting
    if (this.outlet.begun) {
      this.say('bye', { reason })
      this.outlet.end()
    }
    this.state = 'closed'
  }

  /** Ends at once: the reader does not listen. */
  cut(reason: Goodbye): void {
    this.goodbye = reason
    this.unsent = this.outlet.waiting
    this.state = 'closed'
    this.outlet.destroy()
  }
}
