import type { Chat } from '@parley/contract'

/** What calls for the person: how much is for them, and whether anything is new at all. */
export interface Attention {
  mentions: number
  unread: boolean
}

const isDirect = ({ type }: Chat): boolean => type === 'single' || type === 'group'

/** Direct messages are about one, unless one wants to hear of mentions only; muted chats of nothing else. */
const mentionsIn = (chat: Chat): number =>
  isDirect(chat) && chat.notification === 'all' ? chat.unread_count : chat.mention_count

/** Of all chats of the account. */
export function attentionOf(chats: Iterable<Chat>): Attention {
  let mentions = 0
  let unread = false
  for (const chat of chats) {
    mentions += mentionsIn(chat)
    unread ||= chat.unread_count > 0 && chat.notification !== 'none'
  }
  return { mentions, unread: unread || mentions > 0 }
}

const most = 99
const shown = (count: number): string => (count > most ? `${most}+` : String(count))

/** `(3) #general · Acme`, with a dot where there is news but nothing for the person. */
export function titleOf({ mentions, unread }: Attention, place: readonly string[]): string {
  const where = place.filter((part) => part !== '').join(' · ')
  if (mentions > 0) return `(${shown(mentions)}) ${where}`
  return unread ? `• ${where}` : where
}

/** What stands on the icon: nothing, a dot, or a number that fits. */
export const badgeOf = ({ mentions, unread }: Attention): string =>
  mentions > 0 ? (mentions > 9 ? '9+' : String(mentions)) : unread ? 'dot' : 'none'
