import type { MessageSeen } from '../history/entry.ts'
import type { Findings } from './findings.ts'
import type { HistoryIndex, Stored } from './history-index.ts'
import { intervalAt, intervalsOf } from './index-memberships.ts'
import { line, messageLine } from './lines.ts'
import type { Excerpt } from './report.ts'

/** What the API shows of a chat is what the database has of it, in the same order and whole. */
export function pages(index: HistoryIndex, found: Findings): void {
  for (const { chat, user, messages } of index.final.pages) {
    found.look(messages.length)
    const expected = readable(index, chat, user, index.messagesByChat.get(chat) ?? [])
    const at = firstDifference(messages, expected, isSame)
    if (at === undefined) continue
    found.violation(
      `The pages of chat:${chat}, as user ${user} reads them, differ from the database at their message number ${at + 1}.`,
      () => compared(messages[at], expected[at]),
    )
  }
  for (const { user, action, attempts } of index.ops.reads) {
    for (const { call, returned } of attempts) {
      if (returned?.outcome !== 'ok' || !returned.messages) continue
      const seen = returned.messages
      found.look()
      const stored = run(index.messagesByChat.get(action.chat) ?? [], seen)
      const expected = readable(index, action.chat, user, stored)
      const at = firstDifference(seen, expected, (a, b) => a.id === b.id && a.seq === b.seq)
      if (at === undefined) continue
      found.violation(
        `A page of chat:${action.chat} differs from the database at its message number ${at + 1}.`,
        () => [call, returned, ...compared(seen[at], expected[at])],
        returned.at,
      )
    }
  }
}

function compared(seen: MessageSeen | undefined, stored: Stored | undefined): Excerpt[] {
  const shown = seen ? `message ${seen.id}, seq ${seen.seq}, text ${seen.text}` : 'nothing more'
  return [
    line(`the API shows there: ${shown}`),
    stored ? messageLine(stored) : line('the database has there: nothing more'),
  ]
}

const isSame = (a: MessageSeen, b: MessageSeen): boolean =>
  a.id === b.id &&
  a.seq === b.seq &&
  a.sender === b.sender &&
  a.nonce === b.nonce &&
  a.text === b.text

function readable(index: HistoryIndex, chat: number, user: number, stored: Stored[]): Stored[] {
  if (!index.sinceJoin.has(chat)) return stored
  const intervals = intervalsOf(index.memberships, `chat:${chat}`, user)
  return stored.filter(({ seq }) => intervalAt(intervals, seq))
}

/** The stored messages from the first to the last one seen. */
function run(stored: Stored[], seen: MessageSeen[]): Stored[] {
  const first = seen[0]?.seq ?? Infinity
  const last = seen.at(-1)?.seq ?? 0
  const from = firstAtLeast(stored, first)
  return stored.slice(from, firstAtLeast(stored, last + 1))
}

function firstAtLeast(stored: Stored[], seq: number): number {
  let low = 0
  let high = stored.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((stored[middle]?.seq ?? Infinity) < seq) low = middle + 1
    else high = middle
  }
  return low
}

function firstDifference<A, B>(
  seen: readonly A[],
  expected: readonly B[],
  same: (a: A, b: B) => boolean,
): number | undefined {
  for (let at = 0; at < Math.max(seen.length, expected.length); at++) {
    const [a, b] = [seen[at], expected[at]]
    if (a === undefined || b === undefined || !same(a, b)) return at
  }
  return undefined
}
