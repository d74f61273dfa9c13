import { pages } from './c04-pages.ts'
import type { Check, Findings } from './findings.ts'
import type { HistoryIndex } from './history-index.ts'
import { type LogTopic, around, chatOf } from './index-log.ts'
import { line, messageLine } from './lines.ts'

export const holes: Check = {
  id: 'C4',
  name: 'holes',
  property:
    'In each topic the log rises by one up to the topic’s last seq, in each chat the messages rise and are those of the log, and the API shows them so.',
  run(index, found) {
    // The retention takes the oldest part of the log: then topics begin later, or have nothing left.
    const dropped = [...index.log.values()].some(({ rows, first }) => rows.length > 0 && first > 1)
    for (const topic of index.log.values()) {
      found.look(topic.rows.length)
      inOrder(topic, dropped, found)
    }
    messagesRise(index, found)
    messagesOfLog(index, found)
    pages(index, found)
  },
}

function inOrder(topic: LogTopic, dropped: boolean, { violation }: Findings): void {
  const { rows, lastSeq } = topic
  if (lastSeq === undefined) {
    violation(`${topic.topic} has events and is not a topic.`, () => [
      line(around(topic, topic.first)),
    ])
    return
  }
  let last = rows[0] ? rows[0].seq - 1 : dropped ? lastSeq : 0
  for (const { seq } of rows) {
    const expected = last + 1
    last = seq
    if (seq === expected) continue
    const what = seq > expected ? `has no seq ${expected}` : `has seq ${seq} after ${expected - 1}`
    violation(`The log of ${topic.topic} ${what}.`, () => [line(around(topic, expected))])
  }
  if (last === lastSeq) return
  violation(`${topic.topic} stands at ${lastSeq} and its log ends at ${last}.`, () => [
    line(around(topic, lastSeq)),
  ])
}

function messagesRise({ messagesByChat, log }: HistoryIndex, { look, violation }: Findings): void {
  for (const [chat, messages] of messagesByChat) {
    const topic = log.get(`chat:${chat}`)
    let before = messages[0]
    for (const message of messages) {
      look()
      if (before && message !== before && message.seq <= before.seq) {
        const earlier = before
        violation(`In chat:${chat} message seq ${message.seq} comes after ${earlier.seq}.`, () => [
          messageLine(earlier),
          messageLine(message),
        ])
      }
      before = message
      const { seq, id } = message
      if (topic && (seq < topic.first || topic.bySeq.get(seq)?.message?.id === id)) continue
      violation(
        `Message ${id} is stored at seq ${seq} of chat:${chat}, where the log has none of it.`,
        () => [messageLine(message), line(around(topic, seq))],
      )
    }
  }
}

function messagesOfLog({ log, messages }: HistoryIndex, { violation }: Findings): void {
  for (const topic of log.values()) {
    const chat = chatOf(topic.topic)
    for (const { kind, seq, message, known } of topic.rows) {
      if (kind !== 'NewMessage' || !known) continue
      const stored = message && messages.get(message.id)
      if (stored?.chat === chat && stored?.seq === seq) continue
      violation(
        `The log of ${topic.topic} has a new message at seq ${seq} that is not stored.`,
        () => [line(around(topic, seq)), ...(stored ? [messageLine(stored)] : [])],
      )
    }
  }
}
