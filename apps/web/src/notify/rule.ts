import type { Chat, Event, Message } from '@parley/contract'
import { isChannel } from '../chats/chat-name.ts'

export interface Circumstances {
  me: number
  chat: Chat | undefined
  /** Somebody has the chat open in a window that is in front. */
  viewed: boolean
  /** The person does not want to be disturbed. */
  dnd: boolean
}

/** The message that the person is to be notified of, by what they set for the chat. */
export function worthTelling(
  event: Event,
  { me, chat, viewed, dnd }: Circumstances,
): Message | undefined {
  if (event.kind !== 'NewMessage' || !chat || viewed || dnd) return undefined
  const { message } = event
  if (message.sender_id === me || message.deleted_at !== null) return undefined
  // Another device may have read it already.
  if (message.seq <= (chat.read_seq ?? 0)) return undefined
  if (chat.notification === 'all') return message
  return chat.notification === 'mentions' && message.mentions.includes(me) ? message : undefined
}

/** How a message of others is more than one more in a chat. */
export function meantFor(
  { mentions }: Message,
  chat: Chat,
  me: number,
): 'direct' | 'mention' | undefined {
  if (!isChannel(chat)) return 'direct'
  return mentions.includes(me) ? 'mention' : undefined
}
