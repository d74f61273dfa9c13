import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, Nothing, Time, byId, nullable, object } from './fields.ts'

/** Whether somebody is there, by their open streams and by what they say of themselves. */
export const Presence = Type.Enum(['online', 'away', 'dnd', 'offline'])
export type Presence = Static<typeof Presence>

/** How long a Typing counts, in seconds, unless another one follows. */
export const typingSeconds = 6

const ephemeral = <K extends string, P extends Parameters<typeof object>[0]>(kind: K, body: P) =>
  object({ kind: Type.Literal(kind), ...body })

/**
 * What is true only now: told to those who listen, and to nobody later. It has neither topic nor seq,
 * does not move the cursor, and is left out first where a reader is slow.
 */
export const ephemerals = {
  /** Somebody writes in a chat of the reader's; it is over when their message comes. */
  Typing: ephemeral('Typing', { chat_id: Id, user_id: Id, expires_in_seconds: Type.Integer() }),
  /** Of oneself, and of those with whom one shares a chat of at most 100 people. */
  PresenceChanged: ephemeral('PresenceChanged', { user_id: Id, presence: Presence }),
}

export type EphemeralKind = keyof typeof ephemerals
export type EphemeralOf<K extends EphemeralKind> = Static<(typeof ephemerals)[K]>
export type Ephemeral = { [K in EphemeralKind]: EphemeralOf<K> }[EphemeralKind]

export const sendTyping = endpoint({
  method: 'POST',
  path: '/api/chats/:id/typing',
  summary: 'Say that one is writing: at most every 3 seconds, more is passed over.',
  tag: 'Presence',
  auth: 'access',
  params: byId,
  replies: { 204: Nothing },
  errors: ['not_found', 'not_a_member'],
})

export const UserPresence = object({ user_id: Id, presence: Presence })
export type UserPresence = Static<typeof UserPresence>

export const listPresences = endpoint({
  method: 'GET',
  path: '/api/presence',
  summary: 'Whether these people are there; those whom the caller does not know are left out.',
  tag: 'Presence',
  auth: 'access',
  query: object({ ids: Type.Array(Id, { minItems: 1, maxItems: 100 }) }),
  replies: { 200: object({ presences: Type.Array(UserPresence) }) },
})

export const getChatPresence = endpoint({
  method: 'GET',
  path: '/api/chats/:id/presence',
  summary: 'How many of a chat’s members are there, as of the last ten seconds.',
  tag: 'Presence',
  auth: 'access',
  params: byId,
  replies: { 200: object({ online_count: Type.Integer(), member_count: Type.Integer() }) },
  errors: ['not_found'],
})

const TimeOfDay = Type.String({
  pattern: '^(?:[01][0-9]|2[0-3]):[0-5][0-9]$',
  description: 'Hours and minutes: 22:00',
})

/** When one is not to be disturbed each day, by the clock of a place. */
export const DndSchedule = object({
  from_time: TimeOfDay,
  /** On the next day where it is earlier than `from_time`; never the same. */
  to_time: TimeOfDay,
  /** On which it begins; 0 is Sunday. */
  weekdays: Type.Array(Type.Integer({ minimum: 0, maximum: 6 }), {
    minItems: 1,
    maxItems: 7,
    uniqueItems: true,
  }),
  time_zone: Type.String({
    minLength: 1,
    maxLength: 64,
    description: 'Of the IANA database: Europe/Berlin',
  }),
})
export type DndSchedule = Static<typeof DndSchedule>

/** What the caller says of themselves, and how others see them. */
export const MyPresence = object({
  presence: Presence,
  /** Now, because the caller said so or by the schedule. */
  dnd: Type.Boolean(),
  /** Null where it has no end. */
  dnd_until: nullable(Time),
  dnd_schedule: Type.Union([DndSchedule, Type.Null()]),
})
export type MyPresence = Static<typeof MyPresence>

export const getMyPresence = endpoint({
  method: 'GET',
  path: '/api/me/presence',
  summary: 'How others see the caller.',
  tag: 'Presence',
  auth: 'access',
  replies: { 200: MyPresence },
})

export const setMyPresence = endpoint({
  method: 'PUT',
  path: '/api/me/presence',
  summary: 'Say that nobody sits at this device, or that one is not to be disturbed anywhere.',
  tag: 'Presence',
  auth: 'access',
  body: object({
    /** Of this session: whoever is at one device is online. */
    away: Type.Optional(Type.Boolean()),
    /** Of the account, until it is taken back or its time is over; false ends what is now, however it began. */
    dnd: Type.Optional(Type.Boolean()),
    /** With dnd: for how long. */
    dnd_minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 43_200 })),
    /** Of the account; null for none. */
    dnd_schedule: Type.Optional(Type.Union([DndSchedule, Type.Null()])),
  }),
  replies: { 200: MyPresence },
})
