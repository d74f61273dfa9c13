import {
  type Ephemeral,
  type EphemeralKind,
  type EphemeralOf,
  type Event,
  type SignalKind,
  ephemerals,
  events,
} from '@parley/contract'

/** What of an event is there even when its kind is newer than this SDK. */
export interface Envelope {
  topic: string
  seq: number
  kind: string
}

const topic = /^(?:user|workspace|chat):[1-9][0-9]*$/

/** The JSON of a frame as an event's envelope; undefined when it is none. */
export function parseEnvelope(data: string): Envelope | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return isEnvelope(value) ? value : undefined
  } catch {
    return undefined
  }
}

export const isEnvelope = (value: unknown): value is Envelope =>
  typeof value === 'object' &&
  value !== null &&
  'topic' in value &&
  typeof value.topic === 'string' &&
  topic.test(value.topic) &&
  'seq' in value &&
  typeof value.seq === 'number' &&
  Number.isSafeInteger(value.seq) &&
  value.seq > 0 &&
  'kind' in value &&
  typeof value.kind === 'string'

/** Whether this SDK knows the kind. The body has its kind's type then: the server wrote it so. */
export const isKnown = (event: Envelope): event is Event => Object.hasOwn(events, event.kind)

export type Signal =
  | { kind: 'ready' }
  | { kind: 'resync'; reason: string }
  | { kind: 'reauth' }
  | { kind: 'bye'; reason: string }

const reasonIn = (data: string): string => {
  try {
    const value: unknown = JSON.parse(data)
    const reason: unknown =
      typeof value === 'object' && value !== null ? Reflect.get(value, 'reason') : undefined
    return typeof reason === 'string' ? reason : 'unknown'
  } catch {
    return 'unknown'
  }
}

const readers: { [K in SignalKind]: (data: string) => Signal } = {
  ready: () => ({ kind: 'ready' }),
  resync: (data) => ({ kind: 'resync', reason: reasonIn(data) }),
  reauth: () => ({ kind: 'reauth' }),
  bye: (data) => ({ kind: 'bye', reason: reasonIn(data) }),
}

const isSignal = (name: string): name is SignalKind => Object.hasOwn(readers, name)

/** A signal counts even when its data is garbled: what it asks for is in its name. */
export const parseSignal = (name: string | undefined, data: string): Signal | undefined =>
  name !== undefined && isSignal(name) ? readers[name](data) : undefined

type Fields = Readonly<Record<string, unknown>>

const isId = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0

const presences = ['online', 'away', 'dnd', 'offline'] as const

const ephemeralReaders: { [K in EphemeralKind]: (fields: Fields) => EphemeralOf<K> | undefined } = {
  Typing({ chat_id, user_id, expires_in_seconds }) {
    if (!isId(chat_id) || !isId(user_id) || !isId(expires_in_seconds)) return undefined
    return { kind: 'Typing', chat_id, user_id, expires_in_seconds }
  },
  PresenceChanged({ user_id, presence: said }) {
    const presence = presences.find((one) => one === said)
    if (!isId(user_id) || presence === undefined) return undefined
    return { kind: 'PresenceChanged', user_id, presence }
  },
}

/** Whether a frame of this name is of what is true only now. */
export const isEphemeral = (name: string | undefined): name is EphemeralKind =>
  name !== undefined && Object.hasOwn(ephemerals, name)

/** Undefined for one that is garbled: there will be another. */
export function parseEphemeral(name: EphemeralKind, data: string): Ephemeral | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return ephemeralReaders[name](typeof value === 'object' ? { ...value } : {})
  } catch {
    return undefined
  }
}
