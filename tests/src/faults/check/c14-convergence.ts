import type { Check, Findings } from './findings.ts'
import { foldMessages, readSeqs, unreadCounts } from './fold.ts'
import type { HistoryIndex, Stored } from './history-index.ts'
import { type LogTopic, around } from './index-log.ts'
import { line, messageLine } from './lines.ts'

export const convergence: Check = {
  id: 'C14',
  name: 'convergence',
  property:
    'Messages, counts and read markers are what the log makes of them, and clients’ states equal a fresh fetch.',
  run(index, found) {
    messages(index, found)
    counts(index, found)
    for (const { reader, user, differences } of index.final.states) {
      found.look()
      if (differences.length === 0) continue
      found.violation(
        `The state of reader ${reader} (user ${user}) differs from a fresh one in ${differences.length} places.`,
        () => differences.slice(0, 8).map(line),
      )
    }
  },
}

function messages({ log, messagesByChat }: HistoryIndex, { look, violation }: Findings): void {
  for (const [chat, stored] of messagesByChat) {
    const topic = log.get(`chat:${chat}`)
    if (!topic) continue
    const folded = foldMessages(topic)
    for (const message of stored) {
      const expected = folded.get(message.seq)
      // What came before the oldest row that is kept cannot be folded.
      if (!expected || message.seq < topic.first) continue
      look()
      if (message.deleted) erased(topic, message, violation)
      if (expected.text === message.text && expected.deleted === message.deleted) continue
      violation(
        `Message ${message.id} is "${message.text}"${message.deleted ? ', deleted' : ''}, and by the log "${expected.text}"${expected.deleted ? ', deleted' : ''}.`,
        () => [messageLine(message), line(around(topic, expected.by))],
      )
    }
  }
}

/** What was deleted says nothing any more, in none of its events. */
function erased(topic: LogTopic, { id }: Stored, violation: Findings['violation']): void {
  for (const { seq, kind, message } of topic.rows) {
    if (message?.id !== id || message.text === '-') continue
    violation(
      `Message ${id} was deleted, and ${topic.topic} seq ${seq}, its ${kind}, still says "${message.text}".`,
      () => [line(around(topic, seq))],
    )
  }
}

function counts(index: HistoryIndex, { look, violation }: Findings): void {
  const readSeq = readSeqs(index)
  const unread = unreadCounts(index)
  for (const count of index.final.counts) {
    look()
    const { chat, user, read_seq, told } = count
    const who = `of user ${user} in chat:${chat}`
    const show = () => [
      line(`by SQL: read_seq ${read_seq}, unread ${count.unread}`),
      line(`by the API: read_seq ${told.read_seq}, unread ${told.unread}`),
    ]
    const expected = unread(chat, user, read_seq)
    if (count.unread !== expected) {
      violation(`The unread count ${who} is ${count.unread}, and ${expected} are unread.`, show)
    }
    if (told.read_seq !== read_seq || told.unread !== count.unread) {
      violation(`The API tells another count ${who} than the database has.`, show)
    }
    const places = readSeq(chat, user)
    if (!places || places.includes(read_seq)) continue
    violation(
      `The read marker ${who} stands at ${read_seq}, and was moved to ${places.join(' or ')}.`,
      show,
    )
  }
}
