import type { Chat } from '@parley/contract'

/** What a chat is called for somebody: its name, or those of the others who are in it. */
export function chatName(chat: Chat, me: number, nameOf: (id: number) => string): string {
  if (chat.name !== null) return chat.name
  const others = chat.users.filter((id) => id !== me)
  return (others.length > 0 ? others : [me]).map(nameOf).join(', ')
}

export const isChannel = ({ type }: Chat): boolean =>
  type === 'public_channel' || type === 'private_channel'
