import type { Chat } from '@parley/contract'

type Named = Pick<Chat, 'name' | 'users'>

/** What a chat is called for somebody: its name, or those of the others who are in it. */
export function chatName(chat: Named, me: number, nameOf: (id: number) => string): string {
  if (chat.name !== null) return chat.name
  const others = chat.users.filter((id) => id !== me)
  return (others.length > 0 ? others : [me]).map(nameOf).join(', ')
}

export const isChannel = ({ type }: Pick<Chat, 'type'>): boolean =>
  type === 'public_channel' || type === 'private_channel'

/** The other person of a single chat. */
export const otherIn = (chat: Pick<Chat, 'type' | 'users'>, me: number): number | undefined =>
  chat.type === 'single' ? (chat.users.find((id) => id !== me) ?? me) : undefined

/** The single chat with somebody, if there is one. */
export const singleWith = (chats: Iterable<Chat>, me: number, userId: number): Chat | undefined => {
  for (const chat of chats) if (otherIn(chat, me) === userId) return chat
  return undefined
}
