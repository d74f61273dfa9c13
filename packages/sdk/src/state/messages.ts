import type { Chat, EventOf, Message } from '@parley/contract'
import { change as changeChat } from './chats.ts'
import { type Change, type Counting, recountedBy, total, withChange } from './counting.ts'
import type { Draft, Handlers } from './draft.ts'

/** Puts new counts, and what they make of the chat, into the state. */
export function count(draft: Draft, chat: Chat, counting: Counting): void {
  const { doubtful, ...counts } = total(counting, chat.read_seq ?? 0)
  draft.counting.set(chat.id, counting)
  if (doubtful) draft.doubtful.set(chat.id, true)
  else draft.doubtful.delete(chat.id)
  changeChat(draft, chat.id, counts)
}

type Told = Pick<Change, 'unread' | 'mentioned'>

const changesOf = (counting: Counting, messageSeq: number): readonly Change[] =>
  counting.changes.filter((change) => change.message_seq === messageSeq)

/** How much the message adds to the mentions now; undefined where the events do not tell. */
function mentionsNow(counting: Counting, messageSeq: number, readSeq: number): number | undefined {
  const changes = changesOf(counting, messageSeq)
  const countedNone = messageSeq > readSeq && counting.mentions === 0
  // Where nothing was counted before, everything that counts is in the changes.
  if (messageSeq > counting.at || countedNone) {
    return changes.reduce((sum, change) => sum + change.mentions, 0)
  }
  const last = changes.at(-1)
  return last && Number(last.mentioned)
}

function add(draft: Draft, chatId: number, seq: number, messageSeq: number, told: Told): void {
  const chat = draft.chats.get(chatId)
  const counting = draft.counting.get(chatId)
  if (!chat || !counting || seq <= counting.at) return
  const before = mentionsNow(counting, messageSeq, chat.read_seq ?? 0)
  const after = Number(told.mentioned)
  const change: Change = {
    seq,
    message_seq: messageSeq,
    unread: told.unread,
    mentions: after - (before ?? 0),
    mentioned: told.mentioned,
    guessed: before === undefined,
  }
  count(draft, chat, withChange(counting, change))
}

type Mentioning = Pick<Message, 'mentions' | 'sender_id'>

/** One's own messages mention nobody but others; what was deleted since comes without mentions. */
const mentions = ({ me }: Draft, { mentions, sender_id }: Mentioning): boolean =>
  sender_id !== me.id && mentions.includes(me.id)

function deleted(draft: Draft, event: EventOf<'MessageDeleted'>): void {
  const { chat_id, seq, message_seq, sender_id } = event
  const counting = draft.counting.get(chat_id)
  const chat = draft.chats.get(chat_id)
  if (!counting || !chat || seq <= counting.at) return
  const unread = sender_id === draft.me.id ? 0 : -1
  const untouched = message_seq <= counting.at && changesOf(counting, message_seq).length === 0
  if (!untouched) {
    add(draft, chat_id, seq, message_seq, { unread, mentioned: false })
    return
  }
  // Nothing happened to it since the counts, so they counted the mentions that the event tells.
  const taken = mentions(draft, event) ? -1 : 0
  const change = { seq, message_seq, unread, mentions: taken, mentioned: false, guessed: false }
  count(draft, chat, withChange(counting, change))
}

export const messageHandlers: Handlers<
  'NewMessage' | 'MessageUpdated' | 'MessageDeleted' | 'ReadMarkerMoved'
> = {
  NewMessage(draft, { seq, message }) {
    const unread = message.sender_id === draft.me.id ? 0 : 1
    add(draft, message.chat_id, seq, seq, { unread, mentioned: mentions(draft, message) })
  },
  MessageUpdated: (draft, { seq, message }) =>
    add(draft, message.chat_id, seq, message.seq, {
      unread: 0,
      mentioned: mentions(draft, message),
    }),
  MessageDeleted: deleted,
  ReadMarkerMoved(draft, event) {
    const chat = draft.chats.get(event.chat_id)
    const counting = draft.counting.get(event.chat_id)
    if (!chat || !counting) return
    // Counts that looked farther, at the same marker, know more.
    if (event.last_seq < counting.at && event.read_seq === chat.read_seq) return
    const moved = { ...chat, read_seq: event.read_seq }
    draft.chats.set(chat.id, moved)
    count(draft, moved, recountedBy(counting, event))
  },
}
