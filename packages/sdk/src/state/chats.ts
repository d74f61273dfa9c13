import type { Chat, EventOf } from '@parley/contract'
import { countingOf } from './counting.ts'
import type { Draft, Handlers } from './draft.ts'
import { meet } from './people.ts'

export function change(draft: Draft, id: number, changes: Partial<Chat>): void {
  const chat = draft.chats.get(id)
  if (chat) draft.chats.set(id, { ...chat, ...changes })
}

function enter(draft: Draft, { chat, users, at }: EventOf<'NewChat'> | EventOf<'AddToChat'>): void {
  meet(draft, users, at)
  draft.chats.set(chat.id, chat)
  draft.counting.set(chat.id, countingOf(chat))
  draft.doubtful.delete(chat.id)
}

function leave(draft: Draft, id: number): void {
  draft.chats.delete(id)
  draft.counting.delete(id)
  draft.doubtful.delete(id)
}

export const chatHandlers: Handlers<
  | 'NewChat'
  | 'AddToChat'
  | 'RemoveFromChat'
  | 'ChatUpdated'
  | 'ChatDeleted'
  | 'MemberJoined'
  | 'MemberLeft'
  | 'MemberUpdated'
  | 'NotificationChanged'
> = {
  NewChat: enter,
  AddToChat: enter,
  RemoveFromChat: (draft, { chat_id }) => leave(draft, chat_id),
  ChatDeleted: (draft, { chat_id }) => leave(draft, chat_id),
  ChatUpdated: (draft, { chat_id, type, name, description, history }) =>
    change(draft, chat_id, { type, name, description, history }),
  MemberJoined(draft, { chat_id, members, member_count, users, at }) {
    meet(draft, members, at)
    change(draft, chat_id, { member_count, users })
  },
  MemberLeft: (draft, { chat_id, member_count, users }) =>
    change(draft, chat_id, { member_count, users }),
  MemberUpdated(draft, { chat_id, user_id, role }) {
    if (user_id === draft.me.id) change(draft, chat_id, { role })
  },
  NotificationChanged: (draft, { chat_id, notification }) =>
    change(draft, chat_id, { notification }),
}
