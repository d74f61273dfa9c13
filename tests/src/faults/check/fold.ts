import { bounds } from './bounds.ts'
import { push } from './grouped.ts'
import type { HistoryIndex } from './history-index.ts'
import type { LogTopic } from './index-log.ts'
import { intervalsOf } from './index-memberships.ts'

interface Folded {
  text: string
  deleted: boolean
  /** The seq of the event that left it so. */
  by: number
}

/** What a chat's log makes of its messages, by their seq. */
export function foldMessages({ rows }: LogTopic): Map<number, Folded> {
  const messages = new Map<number, Folded>()
  for (const { kind, seq, message, about } of rows) {
    if (message && (kind === 'NewMessage' || kind === 'MessageUpdated')) {
      messages.set(message.seq, { text: message.text, deleted: false, by: seq })
    }
    if (kind === 'MessageDeleted' && about !== undefined) {
      messages.set(about, { text: '-', deleted: true, by: seq })
    }
  }
  return messages
}

/** Others' messages behind a seq that are not deleted. */
export function unreadCounts({ messagesByChat }: HistoryIndex) {
  const seqs = new Map<string, number[]>()
  for (const [chat, messages] of messagesByChat) {
    for (const { seq, sender, deleted } of messages) {
      if (deleted) continue
      push(seqs, `${chat}`, seq)
      push(seqs, `${chat} ${sender}`, seq)
    }
  }
  const behind = (key: string, seq: number) => {
    const sorted = seqs.get(key) ?? []
    return sorted.length - firstAbove(sorted, seq)
  }
  return (chat: number, user: number, readSeq: number): number =>
    Math.min(bounds.unread, behind(`${chat}`, readSeq) - behind(`${chat} ${user}`, readSeq))
}

function firstAbove(sorted: readonly number[], seq: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? Infinity) <= seq) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Where a read marker can be: where the log moved it last since the person joined, or where they
 * joined. Undefined where that cannot be known.
 */
export function readSeqs({ log, memberships, ops }: HistoryIndex) {
  const moves = new Map<string, { seq: number; to: number | undefined }[]>()
  for (const { topic, rows } of log.values()) {
    for (const { kind, about, seq, read_seq } of rows) {
      if (kind === 'ReadMarkerMoved') push(moves, `${about} ${topic}`, { seq, to: read_seq })
    }
  }
  const asked = new Map<string, number[]>()
  for (const { user, action, refused } of ops.marks) {
    if (!refused) push(asked, `${action.chat} user:${user}`, action.seq)
  }
  return (chat: number, user: number): number[] | undefined => {
    const key = `${chat} user:${user}`
    const open = intervalsOf(memberships, `chat:${chat}`, user).at(-1)
    if (!open || open.left !== Infinity) return undefined
    // A marker moved in an earlier membership says nothing of this one. Where the log has no beginning
    // of this one the retention took it, and all before it.
    const since = (moves.get(key) ?? []).filter(({ seq }) => seq > (open.toldJoined ?? 0))
    const last = since.at(-1)
    if (last) return last.to === undefined ? [...(asked.get(key) ?? []), open.joined] : [last.to]
    return open.toldJoined === undefined ? undefined : [open.joined]
  }
}
