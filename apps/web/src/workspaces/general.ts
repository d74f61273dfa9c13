import type { Chat } from '@parley/contract'

/** The channel that each workspace begins with. */
export const generalOf = (chats: readonly Chat[], workspace: number): Chat | undefined =>
  chats.find((chat) => chat.workspace_id === workspace && chat.is_general)
