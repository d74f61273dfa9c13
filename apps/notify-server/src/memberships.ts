import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'

export type TopicKind = 'user' | 'workspace' | 'chat'

const MembershipRow = Type.Object({
  topic_id: Type.Integer(),
  joined_seq: Type.Integer(),
  left_seq: Type.Union([Type.Integer(), Type.Null()]),
  /** The chat or workspace was deleted. */
  deleted: Type.Boolean(),
})

/** One interval of one reader in a topic's seq, as the database has it. */
export type Membership = Static<typeof MembershipRow>

const rows = Compile(Type.Array(MembershipRow))

/** From the JSON that `readOpening` selects. */
export function readMemberships(json: unknown): Membership[] {
  if (!rows.Check(json)) throw new Error('the memberships are not what their statement selects')
  return json
}

/** A reader saw joined < seq < left. */
interface Past {
  joined: number
  left: number
}

/**
 * One reader's intervals by topic, moved on by the events that change them. A reader may be in
 * thousands of topics: of one that they are in, and never left, there is a number only.
 */
export class Memberships {
  /** Since which seq they are in. */
  readonly #open = new Map<number, number>()
  #past: Map<number, Past[]> | undefined

  constructor(rows: readonly Membership[]) {
    for (const { topic_id, joined_seq, left_seq, deleted } of rows) {
      if (deleted) continue
      if (left_seq === null) this.#open.set(topic_id, joined_seq)
      else this.#addPast(topic_id, { joined: joined_seq, left: left_seq })
    }
  }

  isIn(topicId: number): boolean {
    return this.#open.has(topicId)
  }

  join(topicId: number, seq: number): void {
    if (!this.isIn(topicId)) this.#open.set(topicId, seq)
  }

  leave(topicId: number, seq: number): void {
    const joined = this.#open.get(topicId)
    if (joined === undefined) return
    this.#open.delete(topicId)
    this.#addPast(topicId, { joined, left: seq })
  }

  /** The topic is gone and with it all that could still be said of it. */
  end(topicId: number): void {
    this.#open.delete(topicId)
    this.#past?.delete(topicId)
  }

  /** Whether the reader was in when the topic had this seq. */
  covers(topicId: number, seq: number): boolean {
    const joined = this.#open.get(topicId)
    if (joined !== undefined && joined < seq) return true
    const past = this.#past?.get(topicId)
    return past?.some(({ joined, left }) => joined < seq && seq < left) ?? false
  }

  open(): Iterable<number> {
    return this.#open.keys()
  }

  #addPast(topicId: number, interval: Past): void {
    this.#past ??= new Map()
    const known = this.#past.get(topicId)
    if (known) known.push(interval)
    else this.#past.set(topicId, [interval])
  }
}
