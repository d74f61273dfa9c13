import type { Chat } from '@parley/contract'
import { isChannel } from './chat-name.ts'

type Known = Pick<Chat, 'type' | 'notification' | 'unread_count' | 'mention_count'>

/** What a row shows of a chat: exactly one of nothing, unread, or a count of what is about you. */
export type RowState =
  | { shows: 'nothing' }
  | { shows: 'unread' }
  | { shows: 'count'; count: number }

export const isMuted = ({ notification }: Pick<Chat, 'notification'>): boolean =>
  notification === 'none'

/** A direct message is always about you, unless it was told to be less. */
export function rowState(chat: Known): RowState {
  const counted =
    isChannel(chat) || chat.notification !== 'all' ? chat.mention_count : chat.unread_count
  if (counted > 0) return { shows: 'count', count: counted }
  return chat.unread_count > 0 && !isMuted(chat) ? { shows: 'unread' } : { shows: 'nothing' }
}

export const countText = (count: number): string => (count > 99 ? '99+' : String(count))
