import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { AskedTime, Id, Limit, Nothing, Seq, Time, byId, nullable, object } from './fields.ts'
import { File } from './files.ts'
import { User } from './users.ts'

export const Reaction = object({ emoji: Type.String(), user_ids: Type.Array(Id) })

/** A deleted message keeps its place: `deleted_at` is set and nothing is left to read. */
export const Message = object({
  id: Id,
  chat_id: Id,
  seq: Seq,
  sender_id: Id,
  content: Type.String(),
  files: Type.Array(File),
  nonce: nullable(Type.String()),
  reply_to: nullable(Id),
  mentions: Type.Array(Id),
  reactions: Type.Array(Reaction),
  edited_at: nullable(Time),
  deleted_at: nullable(Time),
  created_at: Time,
})
export type Message = Static<typeof Message>

/** Unicode code points; each instance sets its own maximum up to this one. */
const Content = Type.String({ maxLength: 32_000 })
const byMessage = object({ id: Id, message_id: Id })

export const sendMessage = endpoint({
  method: 'POST',
  path: '/api/chats/:id/messages',
  summary: 'Send a message. The same nonce again answers 200 with the first message.',
  tag: 'Messages',
  auth: 'access',
  params: byId,
  body: object({
    /** Empty only beside files. */
    content: Content,
    /** Ids of one's own files that hang on no message yet, in the order in which they are shown. */
    files: Type.Optional(Type.Array(Id, { maxItems: 10, uniqueItems: true })),
    nonce: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    reply_to: Type.Optional(Id),
  }),
  replies: { 200: Message, 201: Message },
  errors: ['not_found', 'not_a_member', 'unknown_reply', 'unknown_file', 'quota_exceeded'],
})

export const listMessages = endpoint({
  method: 'GET',
  path: '/api/chats/:id/messages',
  summary:
    'The newest page, or the one before, after or around a seq, or around a message or a time; ascending, and shorter where messages are long.',
  tag: 'Messages',
  auth: 'access',
  params: byId,
  query: object({
    before: Type.Optional(Seq),
    after: Type.Optional(Seq),
    around: Type.Optional(Seq),
    around_message: Type.Optional(Id),
    /** The first messages of then or later, after those before. */
    around_time: Type.Optional(AskedTime),
    limit: Type.Optional(Limit),
  }),
  replies: {
    200: object({
      messages: Type.Array(Message),
      /** Who sent them. */
      users: Type.Array(User),
      has_more_before: Type.Boolean(),
      has_more_after: Type.Boolean(),
    }),
  },
  errors: ['not_found'],
})

export const getMessage = endpoint({
  method: 'GET',
  path: '/api/chats/:id/messages/:message_id',
  summary: 'One message.',
  tag: 'Messages',
  auth: 'access',
  params: byMessage,
  replies: { 200: Message },
  errors: ['not_found'],
})

export const editMessage = endpoint({
  method: 'PATCH',
  path: '/api/chats/:id/messages/:message_id',
  summary: 'Change the text of one’s own message; only one with files may lose all of it.',
  tag: 'Messages',
  auth: 'access',
  params: byMessage,
  body: object({ content: Content }),
  replies: { 200: Message },
  errors: ['not_found', 'forbidden', 'not_a_member'],
})

export const deleteMessage = endpoint({
  method: 'DELETE',
  path: '/api/chats/:id/messages/:message_id',
  summary: 'Delete one’s own message, or as a moderator anybody’s.',
  tag: 'Messages',
  auth: 'access',
  params: byMessage,
  replies: { 204: Nothing },
  errors: ['not_found', 'forbidden', 'not_a_member'],
})

export const moveReadMarker = endpoint({
  method: 'PUT',
  path: '/api/chats/:id/read',
  summary: 'Move the read marker to a seq: forward, or back to mark unread.',
  tag: 'Messages',
  auth: 'access',
  params: byId,
  body: object({ seq: Seq }),
  replies: { 204: Nothing },
  errors: ['not_found', 'not_a_member', 'beyond_end'],
})
