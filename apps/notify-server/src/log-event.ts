import { fields, sessionId, sinceJoinSeq, withoutText } from './body.ts'
import type { Encode } from './encode.ts'
import { eventFrame } from './frame.ts'
import type { LogRow, Page } from './log-row.ts'
import type { Memberships } from './memberships.ts'
import { type Movement, movements } from './runs.ts'
import type { Snapshot } from './snapshot.ts'

/** A row of the log on its way to the streams. It is encoded once, when the first of them wants it. */
export class LogEvent {
  readonly row: LogRow
  readonly movement: Movement
  readonly #encode: Encode
  readonly #cursor: string | undefined
  readonly #sinceJoinSeq: number | undefined
  #whole: Buffer | undefined
  #bare: Buffer | undefined

  constructor(row: LogRow, movement: Movement, encode: Encode, cursor: string | undefined) {
    this.row = row
    this.movement = movement
    this.#encode = encode
    this.#cursor = cursor
    this.#sinceJoinSeq = row.kind === 'MessageUpdated' ? sinceJoinSeq(row.body) : undefined
  }

  /** The session that it ends. */
  get revoked(): number | undefined {
    return this.row.kind === 'SessionRevoked' ? sessionId(this.row.body) : undefined
  }

  /** Whether it is the last of its topic. */
  get endsTopic(): boolean {
    return this.row.kind === 'ChatDeleted' || this.row.kind === 'WorkspaceDeleted'
  }

  /**
   * What a reader gets: where a chat shows only what came since one joined, an older message that was
   * changed comes without its text.
   */
  frameFor(memberships: Memberships): Buffer {
    const seq = this.#sinceJoinSeq
    if (seq === undefined || memberships.covers(this.row.topic_id, seq)) {
      return (this.#whole ??= this.#frame(fields(this.row.body)))
    }
    return (this.#bare ??= this.#frame(withoutText(this.row.body)))
  }

  #frame(body: object): Buffer {
    const { kind, data } = this.#encode(this.row, body)
    return eventFrame(kind, data, this.#cursor)
  }
}

/** A page whose events are ready to go out. */
export interface EventPage {
  events: readonly LogEvent[]
  snapshot: Snapshot
}

/** `cursor` is where a stream can be resumed that has all that came before the page's round. */
export function toEvents({ rows, snapshot }: Page, encode: Encode, cursor: string): EventPage {
  const moved = movements(rows)
  const still: Movement = { joins: [], leaves: [] }
  return {
    events: rows.map((row, at) => new LogEvent(row, moved[at] ?? still, encode, cursor)),
    snapshot,
  }
}
