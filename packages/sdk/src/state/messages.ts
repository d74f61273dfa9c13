import type { Chat } from '@parley/contract'
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

/** What an event of a message changed, unless the server's counts looked at it already. */
function add(draft: Draft, chatId: number, difference: Change): void {
  const chat = draft.chats.get(chatId)
  const counting = draft.counting.get(chatId)
  if (!chat || !counting || difference.seq <= counting.at) return
  count(draft, chat, withChange(counting, difference))
}

/** 1 where others' message mentions me: nobody mentions themselves. */
const mentioned = ({ me }: Draft, senderId: number, mentions: readonly number[]): number =>
  Number(senderId !== me.id && mentions.includes(me.id))

export const messageHandlers: Handlers<
  'NewMessage' | 'MessageUpdated' | 'MessageDeleted' | 'ReadMarkerMoved'
> = {
  NewMessage(draft, { seq, message }) {
    const { chat_id, sender_id, mentions } = message
    const unread = Number(sender_id !== draft.me.id)
    add(draft, chat_id, {
      seq,
      message_seq: seq,
      unread,
      mentions: mentioned(draft, sender_id, mentions),
    })
  },
  MessageUpdated(draft, { seq, message, mentions_before }) {
    const { chat_id, sender_id, mentions } = message
    const difference =
      mentioned(draft, sender_id, mentions) - mentioned(draft, sender_id, mentions_before)
    add(draft, chat_id, { seq, message_seq: message.seq, unread: 0, mentions: difference })
  },
  MessageDeleted(draft, { seq, chat_id, message_seq, sender_id, mentions }) {
    const unread = -Number(sender_id !== draft.me.id)
    const taken = -mentioned(draft, sender_id, mentions)
    add(draft, chat_id, { seq, message_seq, unread, mentions: taken })
  },
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
