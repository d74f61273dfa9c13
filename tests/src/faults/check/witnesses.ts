import type { Entry, EventSeen, MessageSeen } from '../history/entry.ts'
import type { HistoryIndex } from './history-index.ts'
import { unknown } from './index-log.ts'

/** Somebody, or something, that shows an event. */
export interface Witness {
  event: EventSeen
  /** Of an answer, a page or a stored message: that says what the message is now, not what it was. */
  now: boolean
  /** Who was shown it; undefined for the database. */
  user: number | undefined
  entry: Entry | undefined
  where: 'log' | 'messages' | 'pages' | 'stream' | 'reader' | 'answer'
  at: number | undefined
}

/** What is wrong with it, and the other one that it disagrees with. */
export interface Wrong {
  says: string
  other?: Witness
}

/** All that was said of any event, the database first. */
export function* witnesses({ final, streams, ops }: HistoryIndex): Generator<Witness> {
  const ofDatabase = { user: undefined, entry: undefined, at: undefined }
  for (const event of final.log) yield { event, now: false, where: 'log', ...ofDatabase }
  for (const message of final.messages) {
    yield { event: isNew(message.chat, message), now: true, where: 'messages', ...ofDatabase }
  }
  for (const { chat, user, messages } of final.pages) {
    for (const message of messages) {
      const event = isNew(chat, message)
      yield { event, now: true, user, entry: undefined, where: 'pages', at: undefined }
    }
  }
  for (const { opened, events } of streams.all) {
    for (const entry of events) {
      // What cannot be shown says nothing that could be compared.
      if (entry.type !== 'frame' || entry.kind === unknown) continue
      const { user } = opened
      yield { event: entry, now: false, user, entry, where: 'stream', at: entry.at }
    }
  }
  for (const { user, events } of streams.readers.values()) {
    for (const entry of events) {
      if (entry.type !== 'delivered') continue
      yield { event: entry, now: false, user, entry, where: 'reader', at: entry.at }
    }
  }
  for (const { action, attempts, user } of ops.all) {
    if (action.does === 'end_session') continue
    for (const { returned } of attempts) {
      for (const message of returned?.messages ?? []) {
        const event = isNew(action.chat, message)
        yield { event, now: true, user, entry: returned, where: 'answer', at: returned?.at }
      }
    }
  }
}

/** A message stands for the event that brought it. */
const isNew = (chat: number, message: MessageSeen): EventSeen => ({
  topic: `chat:${chat}`,
  seq: message.seq,
  kind: 'NewMessage',
  message,
})
