import type { Event, Message } from '@parley/contract'
import type { EventSeen, MessageSeen } from '../history/entry.ts'
import { digest } from '../history/recorder.ts'

type Shown = Pick<Message, 'id' | 'seq' | 'sender_id' | 'nonce' | 'content'>

/** What the history keeps of a message. */
export const messageSeen = ({ id, seq, sender_id, nonce, content }: Shown): MessageSeen => ({
  id,
  seq,
  sender: sender_id,
  nonce,
  text: digest(content),
})

/** What the history keeps of an event. */
export function eventSeen(event: Event): EventSeen {
  const { topic, seq, kind } = event
  const seen: EventSeen = { topic, seq, kind }
  if (event.kind === 'NewMessage' || event.kind === 'MessageUpdated') {
    return { ...seen, message: messageSeen(event.message) }
  }
  const about = aboutOf(event)
  return {
    ...seen,
    ...(about === undefined ? {} : { about }),
    ...(event.kind === 'ReadMarkerMoved' ? { read_seq: event.read_seq } : {}),
    digest: digest(JSON.stringify(sorted(event))),
  }
}

function aboutOf(event: Event): number | undefined {
  if (event.kind === 'MessageDeleted') return event.message_seq
  if (event.kind === 'NewChat' || event.kind === 'AddToChat') return event.chat.id
  return event.kind === 'RemoveFromChat' || event.kind === 'ReadMarkerMoved'
    ? event.chat_id
    : undefined
}

/** The stream and the API may name the fields of the same event in another order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  )
}
