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

/** A reader may see joined < seq < left; left is Infinity while they are in. */
interface Interval {
  joined: number
  left: number
}

/** One reader's intervals by topic, moved on by the events that change them. */
export class Memberships {
  readonly #intervals = new Map<number, Interval[]>()

  constructor(rows: readonly Membership[]) {
    for (const { topic_id, joined_seq, left_seq, deleted } of rows) {
      if (!deleted) this.#add(topic_id, { joined: joined_seq, left: left_seq ?? Infinity })
    }
  }

  isIn(topicId: number): boolean {
    return this.#intervals.get(topicId)?.some(({ left }) => left === Infinity) ?? false
  }

  join(topicId: number, seq: number): void {
    if (!this.isIn(topicId)) this.#add(topicId, { joined: seq, left: Infinity })
  }

  leave(topicId: number, seq: number): void {
    const open = this.#intervals.get(topicId)?.find(({ left }) => left === Infinity)
    if (open) open.left = seq
  }

  /** The topic is gone and with it all that could still be said of it. */
  end(topicId: number): void {
    this.#intervals.delete(topicId)
  }

  /** Whether the reader was in when the topic had this seq. */
  covers(topicId: number, seq: number): boolean {
    return (
      this.#intervals.get(topicId)?.some(({ joined, left }) => joined < seq && seq < left) ?? false
    )
  }

  *open(): Generator<number> {
    for (const topicId of this.#intervals.keys()) if (this.isIn(topicId)) yield topicId
  }

  #add(topicId: number, interval: Interval): void {
    const known = this.#intervals.get(topicId)
    if (known) known.push(interval)
    else this.#intervals.set(topicId, [interval])
  }
}
