import Type, { type Static, type TProperties } from 'typebox'
import { Chat, ChatType, History, Notification } from './chats.ts'
import { type EventStream, endpoint } from './endpoint.ts'
import { Id, Limit, PictureId, Seq, Time, byId, nullable, object } from './fields.ts'
import { Message } from './messages.ts'
import { ephemerals } from './presence.ts'
import { Me, User } from './users.ts'
import { JoinPolicy, Member, Role, Workspace } from './workspaces.ts'

/** `user:7`, `workspace:3` or `chat:42`. */
export const Topic = Type.String({ pattern: '^(user|workspace|chat):[1-9][0-9]*$' })

const event = <K extends string, P extends TProperties>(kind: K, body: P) =>
  object({
    topic: Topic,
    /** One more than the event before it in its topic. */
    seq: Seq,
    kind: Type.Literal(kind),
    at: Time,
    actor_id: nullable(Id),
    ...body,
  })

/** The events of the log, by kind. What is not written here does not leave the server. */
export const events = {
  /** On one's own topic: a chat that began with oneself in it. */
  NewChat: event('NewChat', { chat: Chat, users: Type.Array(User) }),
  /** On one's own topic: a chat one was added to, or joined. */
  AddToChat: event('AddToChat', { chat: Chat, users: Type.Array(User) }),
  /** On one's own topic; nothing of the chat comes after it. */
  RemoveFromChat: event('RemoveFromChat', { chat_id: Id }),
  /** `last_seq` says up to where the counts looked. */
  ReadMarkerMoved: event('ReadMarkerMoved', {
    chat_id: Id,
    read_seq: Seq,
    unread_count: Type.Integer(),
    mention_count: Type.Integer(),
    last_seq: Seq,
  }),
  NotificationChanged: event('NotificationChanged', { chat_id: Id, notification: Notification }),
  NewMessage: event('NewMessage', { message: Message }),
  /** To those who joined a since_join chat after the message, it comes without its text. */
  MessageUpdated: event('MessageUpdated', { message: Message, mentions_before: Type.Array(Id) }),
  MessageDeleted: event('MessageDeleted', {
    chat_id: Id,
    message_id: Id,
    message_seq: Seq,
    sender_id: Id,
    mentions: Type.Array(Id),
    deleted_at: Time,
  }),
  ChatUpdated: event('ChatUpdated', {
    chat_id: Id,
    type: ChatType,
    name: nullable(Type.String()),
    description: nullable(Type.String()),
    history: History,
  }),
  ChatDeleted: event('ChatDeleted', { chat_id: Id }),
  MemberJoined: event('MemberJoined', {
    chat_id: Id,
    members: Type.Array(Member),
    member_count: Type.Integer(),
    users: Type.Array(Id),
  }),
  MemberLeft: event('MemberLeft', {
    chat_id: Id,
    user_ids: Type.Array(Id),
    member_count: Type.Integer(),
    users: Type.Array(Id),
  }),
  MemberUpdated: event('MemberUpdated', { chat_id: Id, user_id: Id, role: Role }),
  /** `last_seq` is the workspace topic's at that time. */
  AddToWorkspace: event('AddToWorkspace', { workspace: Workspace, last_seq: Seq }),
  RemoveFromWorkspace: event('RemoveFromWorkspace', { workspace_id: Id }),
  WorkspaceUpdated: event('WorkspaceUpdated', {
    workspace_id: Id,
    name: Type.String(),
    join_policy: JoinPolicy,
    icon_id: PictureId,
  }),
  WorkspaceDeleted: event('WorkspaceDeleted', { workspace_id: Id }),
  WorkspaceMemberJoined: event('WorkspaceMemberJoined', {
    workspace_id: Id,
    members: Type.Array(Member),
    member_count: Type.Integer(),
  }),
  WorkspaceMemberLeft: event('WorkspaceMemberLeft', {
    workspace_id: Id,
    user_ids: Type.Array(Id),
    member_count: Type.Integer(),
  }),
  WorkspaceMemberUpdated: event('WorkspaceMemberUpdated', {
    workspace_id: Id,
    user_id: Id,
    role: Role,
  }),
  UserUpdated: event('UserUpdated', { user: User }),
  /** On one's own topic: whether one administers the instance now. */
  AdminChanged: event('AdminChanged', { is_admin: Type.Boolean() }),
  SessionRevoked: event('SessionRevoked', { session_id: Id }),
}

export type EventKind = keyof typeof events
export type EventOf<K extends EventKind> = Static<(typeof events)[K]>
export type Event = { [K in EventKind]: EventOf<K> }[EventKind]

/**
 * Stands for an event that the server cannot show: its kind is that of a newer version, or its body
 * breaks the contract. So its topic has no hole, and clients pass over it as over what they do not know.
 */
export const UnknownEvent = object({ topic: Topic, seq: Seq, kind: Type.Literal('Unknown') })
export type UnknownEvent = Static<typeof UnknownEvent>

/** One of the events. */
export const AnyEvent = Type.Unsafe<Event | UnknownEvent>(
  Type.Union([...Object.values(events), UnknownEvent]),
)

/** What the stream says besides events: it is live; take a new bootstrap; the token ends; goodbye. */
export const signals = {
  ready: object({ cursor: Type.String(), replayed: Type.Integer() }),
  resync: object({
    reason: Type.String({ description: 'retention, too_much, epoch or unknown' }),
  }),
  reauth: object({ expires_in_seconds: Type.Integer() }),
  bye: object({
    reason: Type.String({ description: 'Why the stream ends, such as token_expired or shutdown' }),
  }),
}
export type SignalKind = keyof typeof signals

export const listEvents = endpoint({
  method: 'GET',
  path: '/api/chats/:id/events',
  summary: 'The chat’s events after a seq, for filling holes.',
  tag: 'Events',
  auth: 'access',
  params: byId,
  query: object({ after: Seq, limit: Type.Optional(Limit) }),
  replies: {
    200: object({
      events: Type.Array(AnyEvent),
      has_more: Type.Boolean(),
    }),
  },
  errors: ['not_found', 'not_a_member'],
})

/** Everything a client starts from, of one moment; the cursor resumes the stream from there. */
export const Bootstrap = object({
  cursor: Type.String(),
  me: Me,
  workspaces: Type.Array(Workspace),
  chats: Type.Array(Chat),
  /** Everybody in the chats' `users`. */
  users: Type.Array(User),
  /** The seq that each topic of the caller had. */
  topics: Type.Array(object({ topic: Topic, last_seq: Seq })),
})
export type Bootstrap = Static<typeof Bootstrap>

export const getBootstrap = endpoint({
  method: 'GET',
  path: '/api/bootstrap',
  summary: 'The caller’s whole state, from one snapshot, with the cursor to follow it.',
  tag: 'Events',
  auth: 'access',
  replies: { 200: Bootstrap },
})

export const createTicket = endpoint({
  method: 'POST',
  path: '/api/events/ticket',
  summary: 'A ticket for one EventSource: good once, within 30 seconds.',
  tag: 'Events',
  auth: 'access',
  replies: { 201: object({ ticket: Type.String(), expires_at: Time }) },
})

const resume = { description: 'The `id` of the last event that came, to go on behind it' }

/** Served by the notify-server; the SDK follows it. */
export const eventStream: EventStream = {
  path: '/events',
  summary: 'Everything that happens where the caller is, as it happens.',
  description: `Server-sent events. An \`id\` is a cursor, which any server resumes: as \`Last-Event-ID\`, or from the bootstrap as \`last_event_id\`. It is a low watermark, so after a resume some events come again: drop those whose \`seq\` you have. Topics are in order each by itself. Heartbeats come every 15 seconds. Each stream ends at some time, after saying \`bye\`: connect again.

The \`data\` of \`event: NewMessage\` is a \`NewMessageEvent\`, that of \`event: Typing\` a \`TypingEphemeral\`, that of \`event: ready\` a \`ReadySignal\`, and so on for each of the following; pass over what you do not know.`,
  tag: 'Events',
  headers: object({ 'Last-Event-ID': Type.Optional(Type.String(resume)) }),
  query: object({ last_event_id: Type.Optional(Type.String(resume)) }),
  events: { ...events, Unknown: UnknownEvent, ...ephemerals, ...signals },
  example: `: connected
retry: 1870

id: 7f3a9c01.81724
event: NewMessage
data: {"topic":"chat:42","seq":1093,"kind":"NewMessage","at":"…","actor_id":7,"message":{…}}

`,
  errors: [
    'not_signed_in',
    'invalid_cursor',
    'invalid_request',
    'method_not_allowed',
    'unavailable',
  ],
}
