import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, Limit, Name, Nothing, Seq, Time, byId, nullable, object } from './fields.ts'
import { Member, MemberPage, MemberPageQuery, Role } from './workspaces.ts'

export const ChatType = Type.Enum(['single', 'group', 'private_channel', 'public_channel'])
export type ChatType = Static<typeof ChatType>

/** What reaches the caller as a notification. */
export const Notification = Type.Enum(['all', 'mentions', 'none'])
export type Notification = Static<typeof Notification>

/** Whether those who join see what was written before. */
export const History = Type.Enum(['all', 'since_join'])

const Description = Type.String({ maxLength: 1024 })

/** A chat as the caller sees it. `role`, `notification` and `read_seq` are null before joining. */
export const Chat = object({
  id: Id,
  type: ChatType,
  workspace_id: nullable(Id),
  name: nullable(Type.String()),
  description: nullable(Type.String()),
  history: History,
  is_general: Type.Boolean(),
  /** Everybody, where they are at most 100; nobody beyond: ask for the members' pages. */
  users: Type.Array(Id),
  member_count: Type.Integer(),
  role: nullable(Role),
  notification: nullable(Notification),
  last_seq: Seq,
  read_seq: nullable(Seq),
  /** At most 1,000, which stands for that many or more. */
  unread_count: Type.Integer(),
  mention_count: Type.Integer(),
  created_by: Id,
  created_at: Time,
})
export type Chat = Static<typeof Chat>

const UserIds = Type.Array(Id, { maxItems: 1000, uniqueItems: true })
const byMember = object({ id: Id, user_id: Id })
const channel = {
  name: Name,
  workspace_id: Type.Optional(Id),
  description: Type.Optional(Description),
  user_ids: Type.Optional(UserIds),
}

export const createChat = endpoint({
  method: 'POST',
  path: '/api/chats',
  summary: 'Open a single chat (200 with the one that exists), a group or a channel.',
  tag: 'Chats',
  auth: 'access',
  body: Type.Union([
    object({ type: Type.Literal('single'), user_id: Id }),
    object({
      type: Type.Literal('group'),
      user_ids: UserIds,
      name: Type.Optional(Name),
      history: Type.Optional(History),
    }),
    object({
      type: Type.Literal('private_channel'),
      ...channel,
      history: Type.Optional(History),
    }),
    object({ type: Type.Literal('public_channel'), ...channel }),
  ]),
  replies: { 200: Chat, 201: Chat },
  errors: [
    'not_found',
    'channel_name_taken',
    'unknown_user',
    'group_too_large',
    'workspace_required',
  ],
})

export const listChats = endpoint({
  method: 'GET',
  path: '/api/chats',
  summary: 'The caller’s chats, or with public=true the channels one may join.',
  tag: 'Chats',
  auth: 'access',
  query: object({
    workspace_id: Type.Optional(Id),
    public: Type.Optional(Type.Boolean()),
    after: Type.Optional(Id),
    limit: Type.Optional(Limit),
  }),
  replies: { 200: object({ chats: Type.Array(Chat), has_more: Type.Boolean() }) },
})

export const getChat = endpoint({
  method: 'GET',
  path: '/api/chats/:id',
  summary: 'One chat.',
  tag: 'Chats',
  auth: 'access',
  params: byId,
  replies: { 200: Chat },
  errors: ['not_found'],
})

export const updateChat = endpoint({
  method: 'PATCH',
  path: '/api/chats/:id',
  summary: 'Change a chat, its members, or the caller’s own notification setting.',
  tag: 'Chats',
  auth: 'access',
  params: byId,
  body: object({
    name: Type.Optional(Name),
    description: Type.Optional(nullable(Description)),
    type: Type.Optional(Type.Enum(['private_channel', 'public_channel'])),
    history: Type.Optional(History),
    add_user_ids: Type.Optional(UserIds),
    remove_user_ids: Type.Optional(UserIds),
    notification: Type.Optional(Notification),
  }),
  replies: { 200: Chat },
  errors: [
    'not_found',
    'forbidden',
    'not_a_member',
    'channel_name_taken',
    'unknown_user',
    'fixed_chat',
    'group_too_large',
  ],
})

export const deleteChat = endpoint({
  method: 'DELETE',
  path: '/api/chats/:id',
  summary: 'Delete a group or channel with its messages.',
  tag: 'Chats',
  auth: 'access',
  params: byId,
  replies: { 204: Nothing },
  errors: ['not_found', 'forbidden', 'fixed_chat'],
})

export const joinChat = endpoint({
  method: 'POST',
  path: '/api/chats/:id/join',
  summary: 'Join a public channel.',
  tag: 'Chats',
  auth: 'access',
  params: byId,
  replies: { 200: Chat },
  errors: ['not_found'],
})

export const leaveChat = endpoint({
  method: 'POST',
  path: '/api/chats/:id/leave',
  summary: 'Leave a group or channel. The longest-standing member follows the last owner.',
  tag: 'Chats',
  auth: 'access',
  params: byId,
  replies: { 204: Nothing },
  errors: ['not_found', 'not_a_member', 'fixed_chat'],
})

export const listChatMembers = endpoint({
  method: 'GET',
  path: '/api/chats/:id/members',
  summary: 'The members, by id, page by page.',
  tag: 'Chats',
  auth: 'access',
  params: byId,
  query: MemberPageQuery,
  replies: { 200: MemberPage },
  errors: ['not_found'],
})

export const putChatMember = endpoint({
  method: 'PUT',
  path: '/api/chats/:id/members/:user_id',
  summary: 'Add somebody, or change a member’s role.',
  tag: 'Chats',
  auth: 'access',
  params: byMember,
  body: object({ role: Type.Optional(Role) }),
  replies: { 200: Member, 201: Member },
  errors: [
    'not_found',
    'forbidden',
    'not_a_member',
    'unknown_user',
    'fixed_chat',
    'group_too_large',
    'last_owner',
  ],
})

export const removeChatMember = endpoint({
  method: 'DELETE',
  path: '/api/chats/:id/members/:user_id',
  summary: 'Remove a member of a lower role, or leave.',
  tag: 'Chats',
  auth: 'access',
  params: byMember,
  replies: { 204: Nothing },
  errors: ['not_found', 'forbidden', 'not_a_member', 'fixed_chat'],
})
