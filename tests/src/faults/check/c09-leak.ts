import type { Began, Delivered, Frame, Signalled } from '../history/entry.ts'
import { acting } from './c09-acting.ts'
import { ended } from './c09-ended.ts'
import type { Check, Findings } from './findings.ts'
import type { HistoryIndex } from './history-index.ts'
import { chatOf, userOf } from './index-log.ts'
import { inWords, intervalAt, intervalsOf } from './index-memberships.ts'
import { messageLine, line } from './lines.ts'

export const leak: Check = {
  id: 'C9',
  name: 'leak',
  property:
    'Nobody is shown anything from outside their memberships, and nobody who was removed can read or write; nor does a session write that is over.',
  run(index, found) {
    for (const { opened, events } of index.streams.all) {
      const where = `on stream ${opened.stream}`
      watch(index, { user: opened.user, events, where }, found)
    }
    for (const { reader, user, events } of index.streams.readers.values()) {
      watch(index, { user, events, where: `as reader ${reader}` }, found)
    }
    readContent(index, found)
    storedContent(index, found)
    acting(index, found)
    ended(index, found)
  },
}

interface Watched {
  user: number
  events: readonly (Frame | Delivered | Began | Signalled)[]
  where: string
}

/** Everything lies inside the intervals, and nothing of a chat comes after its end was told. */
function watch(index: HistoryIndex, { user, events, where }: Watched, found: Findings): void {
  const ends = new Map<string, Frame | Delivered>()
  for (const event of events) {
    if (event.type === 'began' || event.type === 'signal') {
      // Whoever starts afresh may be back without having been told.
      if (event.type === 'began' || event.kind === 'resync') ends.clear()
      continue
    }
    found.look()
    const { topic, seq, kind, about, at } = event
    if (!maySee(index, user, topic, seq)) {
      found.violation(
        `User ${user} was shown ${topic} seq ${seq} ${where}, outside their memberships.`,
        () => [event, intervalLine(index, topic, user)],
        at,
      )
    }
    const end = ends.get(topic)
    if (end) {
      found.violation(
        `User ${user} was shown ${topic} seq ${seq} ${where}, after they were told of their removal.`,
        () => [end, event],
        at,
      )
    }
    if (kind === 'RemoveFromChat') ends.set(`chat:${about}`, event)
    if (kind === 'NewChat' || kind === 'AddToChat') ends.delete(`chat:${about}`)
  }
}

function maySee({ memberships }: HistoryIndex, user: number, topic: string, seq: number): boolean {
  const owner = userOf(topic)
  return owner === undefined
    ? intervalAt(intervalsOf(memberships, topic, user), seq) !== undefined
    : owner === user
}

const intervalLine = ({ memberships }: HistoryIndex, topic: string, user: number) =>
  line(`user ${user} may see of ${topic}: ${inWords(intervalsOf(memberships, topic, user))}`)

/** A since_join chat shows only what came while one was in. */
function readContent(index: HistoryIndex, { look, violation }: Findings): void {
  for (const { user, action, attempts } of index.ops.reads) {
    if (!index.sinceJoin.has(action.chat)) continue
    const topic = `chat:${action.chat}`
    const intervals = intervalsOf(index.memberships, topic, user)
    for (const { call, returned } of attempts) {
      const messages = returned?.outcome === 'ok' ? (returned.messages ?? []) : []
      look(messages.length)
      const seen = messages.find(({ seq }) => !intervalAt(intervals, seq))
      if (!returned || !seen) continue
      violation(
        `User ${user} read seq ${seen.seq} of ${topic}, which shows only what came since one joined.`,
        () => [call, returned, intervalLine(index, topic, user)],
        returned.at,
      )
    }
  }
}

/** Whoever wrote was in the chat at that seq. */
function storedContent(index: HistoryIndex, { look, violation }: Findings): void {
  for (const message of index.final.messages) {
    look()
    const topic = `chat:${message.chat}`
    if (maySee(index, message.sender, topic, message.seq)) continue
    violation(
      `Message ${message.id} stands at seq ${message.seq} of ${topic}, where its sender ${message.sender} was not in it.`,
      () => [messageLine(message), intervalLine(index, topic, message.sender)],
    )
  }
  for (const { topic, kind, seq, actor } of index.final.log) {
    if (kind !== 'MessageUpdated' || actor === null || chatOf(topic) === undefined) continue
    look()
    if (maySee(index, actor, topic, seq)) continue
    violation(
      `User ${actor} changed a message at seq ${seq} of ${topic}, where they were not in it.`,
      () => [intervalLine(index, topic, actor)],
    )
  }
}
