import type { Final } from '../history/entry.ts'
import { entryOf, push } from './grouped.ts'
import type { LogTopic } from './index-log.ts'

/** What lies between is to be seen: `joined < seq < left`. */
export interface Interval {
  joined: number
  /** Infinity while they are in. */
  left: number
  /** The seq in the person's own topic that told them of its beginning, where the log has it. */
  toldJoined: number | undefined
  toldLeft: number | undefined
}

/** Of chats and workspaces: by topic, by user, in order. */
export type Memberships = Map<string, Map<number, Interval[]>>

export function indexMemberships(
  { memberships }: Final,
  log: ReadonlyMap<string, LogTopic>,
): Memberships {
  const byTopic: Memberships = new Map()
  for (const { topic, user, joined, left } of memberships) {
    push(
      entryOf(byTopic, topic, () => new Map<number, Interval[]>()),
      user,
      { joined, left: left ?? Infinity, toldJoined: undefined, toldLeft: undefined },
    )
  }
  const tellings = new Map<number, Map<string, Telling>>()
  for (const [topic, users] of byTopic) {
    for (const [user, intervals] of users) {
      intervals.sort((a, b) => a.joined - b.joined)
      const own = entryOf(tellings, user, () => tellingsIn(log.get(`user:${user}`)))
      tell(intervals, own.get(topic))
    }
  }
  return byTopic
}

/** The seqs in a person's topic that told them of a chat's beginning and end. */
interface Telling {
  begins: number[]
  ends: number[]
}

/** By the chat's topic. */
function tellingsIn(own: LogTopic | undefined): Map<string, Telling> {
  const found = new Map<string, Telling>()
  for (const { kind, about, seq } of own?.rows ?? []) {
    if (about === undefined) continue
    const chat = entryOf(found, `chat:${about}`, () => ({ begins: [], ends: [] }))
    if (kind === 'NewChat' || kind === 'AddToChat') chat.begins.push(seq)
    if (kind === 'RemoveFromChat') chat.ends.push(seq)
  }
  return found
}

/** The newest events belong to the newest intervals: older ones the retention may have dropped. */
function tell(intervals: Interval[], { begins, ends }: Telling = { begins: [], ends: [] }): void {
  const closed = intervals.filter(({ left }) => left !== Infinity)
  intervals.forEach((interval, at) => {
    interval.toldJoined = begins[at + begins.length - intervals.length]
  })
  closed.forEach((interval, at) => {
    interval.toldLeft = ends[at + ends.length - closed.length]
  })
}

export const intervalsOf = (of: Memberships, topic: string, user: number): readonly Interval[] =>
  of.get(topic)?.get(user) ?? []

/** The interval that a seq lies in. */
export const intervalAt = (intervals: readonly Interval[], seq: number): Interval | undefined =>
  intervals.find(({ joined, left }) => joined < seq && seq < left)

/** For sentences: `2 < seq < 9, 14 < seq`. */
export const inWords = (intervals: readonly Interval[]): string =>
  intervals.length === 0
    ? 'none'
    : intervals
        .map(({ joined, left }) => `${joined} < seq${left === Infinity ? '' : ` < ${left}`}`)
        .join(', ')
