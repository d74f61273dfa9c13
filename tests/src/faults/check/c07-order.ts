import type { Delivered } from '../history/entry.ts'
import type { Findings } from './findings.ts'
import type { ReaderSeen } from './index-streams.ts'

/** Each event once between two bootstraps, in the order of its topic, and no chat before its beginning. */
export function inOrder({ reader, events }: ReaderSeen, { violation }: Findings): void {
  let last = new Map<string, number>()
  let newest = new Map<string, Delivered>()
  let known = new Set<string>()
  for (const event of events) {
    if (event.type === 'began') {
      last = new Map(Object.entries(event.topics))
      newest = new Map()
      known = new Set(last.keys())
      continue
    }
    const { topic, seq, kind, about, at } = event
    const before = newest.get(topic)
    const highest = last.get(topic) ?? 0
    if (seq <= highest) {
      const how = before ? `after seq ${highest}` : `that its bootstrap stood for`
      violation(
        `Reader ${reader} was given ${topic} seq ${seq} ${how}.`,
        () => [...(before ? [before] : []), event],
        at,
      )
    }
    if (topic.startsWith('chat:') && !known.has(topic)) {
      violation(
        `Reader ${reader} was given ${topic} seq ${seq} before they were told of the chat.`,
        () => [event],
        at,
      )
      known.add(topic)
    }
    last.set(topic, Math.max(highest, seq))
    newest.set(topic, event)
    // What comes after the end of a chat is a leak, and told as one.
    if (kind === 'NewChat' || kind === 'AddToChat') known.add(`chat:${about}`)
  }
}
