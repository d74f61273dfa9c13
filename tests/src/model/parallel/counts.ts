import type { Event, EventOf } from '@parley/contract'
import { same } from '../actions/attempt.ts'
import type { Log } from './logs.ts'

interface Written {
  seq: number
  sender: number
  mentions: number[]
}

/** The messages of a chat as they were when its topic was at this seq, without the deleted. */
function messagesAt({ events }: Log, upTo: number): Written[] {
  const messages = new Map<number, Written>()
  for (const event of events.slice(0, upTo)) {
    if (event.kind === 'NewMessage' || event.kind === 'MessageUpdated') {
      const { id, seq, sender_id: sender, mentions } = event.message
      messages.set(id, { seq, sender, mentions })
    }
    if (event.kind === 'MessageDeleted') messages.delete(event.message_id)
  }
  return [...messages.values()]
}

export function countsAt(log: Log, reader: number, read: number, upTo: number) {
  const unread = messagesAt(log, upTo).filter(({ seq, sender }) => seq > read && sender !== reader)
  const mentioning = unread.filter(({ mentions }) => mentions.includes(reader))
  return { unread_count: unread.length, mention_count: mentioning.length }
}

type Counted = EventOf<'ReadMarkerMoved'> | EventOf<'NewChat'>['chat']

/** What an event tells of a chat that its reader has not read, and up to which seq it looked. */
const countedBy = (event: Event): { chat: number; counted: Counted } | undefined =>
  event.kind === 'ReadMarkerMoved'
    ? { chat: event.chat_id, counted: event }
    : event.kind === 'NewChat' || event.kind === 'AddToChat'
      ? { chat: event.chat.id, counted: event.chat }
      : undefined

/**
 * Each count that somebody was told fits the chat as it was at the seq that came with it. Gives where
 * their markers stand.
 */
export function expectCounts(own: Log, logs: readonly Log[]): Map<number, number> {
  const markers = new Map<number, number>()
  for (const event of own.events) {
    const told = countedBy(event)
    const log = logs.find(({ topic }) => topic === `chat:${told?.chat}`)
    if (!told || !log) continue
    const { read_seq, last_seq, unread_count, mention_count } = told.counted
    const read = read_seq ?? 0
    markers.set(told.chat, read)
    same(
      [own.topic, event.seq, { unread_count, mention_count }],
      [own.topic, event.seq, countsAt(log, own.id, read, last_seq)],
    )
  }
  return markers
}
