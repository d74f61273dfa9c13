import type { Chat } from '@parley/contract'

/** What one event of a chat changed in what is unread. */
export interface Change {
  /** The event's own seq. */
  seq: number
  message_seq: number
  unread: number
  mentions: number
}

/**
 * The counts as the server gave them, looking at the chat up to `at`, and the changes since. The
 * topic of a chat and that of its reader are not ordered against each other: counts may come that
 * looked less far than we are, or farther. So changes are kept by seq, and counted behind `at` only.
 */
export interface Counting {
  at: number
  unread: number
  mentions: number
  changes: readonly Change[]
  /** The counts looked less far than others before them, and what lies between is not known. */
  gap: boolean
}

/** Where the server stops counting: this many, or more. */
const most = 1000
/** As many events as a stream replays; counts that come with an older `at` will not turn up. */
const mostChanges = 5000

type Counts = Pick<Chat, 'last_seq' | 'unread_count' | 'mention_count'>

export const countingOf = (counts: Counts): Counting => ({
  at: counts.last_seq,
  unread: counts.unread_count,
  mentions: counts.mention_count,
  changes: [],
  gap: false,
})

export interface Total {
  unread_count: number
  mention_count: number
  /** The counts are not certain: ask the server. */
  doubtful: boolean
}

/** What is unread behind the read marker. */
export function total({ unread, mentions, changes, gap }: Counting, readSeq: number): Total {
  const sum = { unread, mentions, doubtful: gap }
  for (const change of changes) {
    if (change.message_seq <= readSeq) continue
    sum.unread += change.unread
    sum.mentions += change.mentions
    // Of 1,000 or more, one less may be 1,000 still.
    sum.doubtful ||= unread >= most && change.unread < 0
  }
  return {
    unread_count: Math.min(most, Math.max(0, sum.unread)),
    mention_count: Math.max(0, sum.mentions),
    doubtful: sum.doubtful,
  }
}

export const withChange = (counting: Counting, change: Change): Counting => ({
  ...counting,
  changes: [...counting.changes.slice(-mostChanges + 1), change],
})

/** New counts of the server; the changes it did not look at stay. */
export const recountedBy = (counting: Counting, counts: Counts): Counting => ({
  ...countingOf(counts),
  changes: counting.changes.filter((change) => change.seq > counts.last_seq),
  gap: counts.last_seq < counting.at,
})
