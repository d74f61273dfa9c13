import type { Message } from '@parley/contract'
import type { Attached } from '../files/attached.ts'

/** Why the server does not take a message, or why nobody knows whether it did. */
export type Reason =
  | 'timeout'
  | 'server'
  | 'too_long'
  | 'text'
  | 'files'
  | 'gone'
  | 'not_a_member'
  | 'refused'

/** A message of one's own that its list does not have yet. */
export interface Pending {
  readonly nonce: string
  readonly chat_id: number
  readonly content: string
  /** It goes out when all of them are there. */
  readonly files?: readonly Attached[] | undefined
  readonly created_at: string
  readonly state: 'sending' | 'waiting' | 'failed'
  /** Of a failed one. */
  readonly reason?: Reason
  /** The server has it, as its answer or the event told. */
  readonly message?: Message
}

/** In the order in which they are sent. */
export type Queue = readonly Pending[]

export type Action =
  | { type: 'added'; pending: Pending }
  | { type: 'answered'; nonce: string; message: Message }
  | { type: 'failed'; nonce: string; reason: Reason }
  /** The server could not be reached, so nothing gets through for now. */
  | { type: 'unreachable' }
  | { type: 'retried'; nonce: string; at: string }
  | { type: 'discarded'; nonce: string }
  /** A file was uploaded, or taken out; of whatever message it is. */
  | { type: 'file'; key: string; file: Attached | undefined }
  /** The messages stand in the list. */
  | { type: 'settled'; nonces: readonly string[] }

/** The list with another file for that of its key, or without it. */
export const withFile = (
  files: readonly Attached[],
  key: string,
  file: Attached | undefined,
): readonly Attached[] => files.flatMap((one) => (one.key === key ? (file ?? []) : one))

const isUnsent = ({ state, message }: Pending): boolean =>
  state !== 'failed' && message === undefined

function change(queue: Queue, nonce: string, to: (pending: Pending) => Pending): Queue {
  const at = queue.findIndex((one) => one.nonce === nonce)
  const before = queue[at]
  const now = before && to(before)
  return now && now !== before ? queue.with(at, now) : queue
}

const without = (queue: Queue, nonces: readonly string[]): Queue =>
  queue.some(({ nonce }) => nonces.includes(nonce))
    ? queue.filter(({ nonce }) => !nonces.includes(nonce))
    : queue

const plain = ({
  nonce,
  chat_id,
  content,
  created_at,
  files,
}: Pending): Omit<Pending, 'state'> => ({
  nonce,
  chat_id,
  content,
  created_at,
  files,
})

const sending = (queue: Queue): Queue =>
  queue.some(({ state }) => state === 'waiting')
    ? queue.map((one) => (one.state === 'waiting' ? { ...one, state: 'sending' } : one))
    : queue

function withFileOf(queue: Queue, key: string, file: Attached | undefined): Queue {
  const one = queue.find(({ files }) => files?.some((known) => known.key === key))
  if (!one?.files) return queue
  const files = withFile(one.files, key, file)
  // Nothing is left to be sent.
  if (files.length === 0 && one.content === '') return without(queue, [one.nonce])
  return change(queue, one.nonce, () => ({ ...one, files }))
}

/** The queue after what happened. Each may be told twice, and of what is gone: then nothing changes. */
export function after(queue: Queue, action: Action): Queue {
  switch (action.type) {
    case 'added': {
      const known = queue.some(({ nonce }) => nonce === action.pending.nonce)
      return known ? queue : [...queue, action.pending]
    }
    case 'answered':
      return sending(
        change(queue, action.nonce, (one) =>
          one.message ? one : { ...plain(one), state: 'sending', message: action.message },
        ),
      )
    case 'failed':
      return change(queue, action.nonce, (one) =>
        isUnsent(one) ? { ...plain(one), state: 'failed', reason: action.reason } : one,
      )
    case 'unreachable':
      return queue.some((one) => isUnsent(one) && one.state === 'sending')
        ? queue.map((one) => (isUnsent(one) ? { ...one, state: 'waiting' } : one))
        : queue
    case 'retried': {
      const failed = queue.find(({ nonce, state }) => nonce === action.nonce && state === 'failed')
      if (!failed) return queue
      // It comes behind what was written meanwhile, and so it is shown there.
      const again: Pending = { ...plain(failed), state: 'sending', created_at: action.at }
      return [...without(queue, [action.nonce]), again]
    }
    case 'discarded':
      return without(queue, [action.nonce])
    case 'file':
      return withFileOf(queue, action.key, action.file)
    case 'settled':
      return without(queue, action.nonces)
  }
}

/** One with files that are on their way lets others pass. */
const isReady = (one: Pending): boolean =>
  isUnsent(one) && (one.files ?? []).every(({ id }) => id > 0)

/** What is sent next in a chat. */
export const nextIn = (queue: Queue, chatId: number): Pending | undefined =>
  queue.find((one) => one.chat_id === chatId && isReady(one))

/** Chats in which something is to be sent. */
export const chatsOf = (queue: Queue): number[] => [
  ...new Set(queue.filter(isReady).map(({ chat_id }) => chat_id)),
]

/** What would be lost with the queue. */
export const unsent = (queue: Queue): number => queue.filter(({ message }) => !message).length

/** Those whose message the server has, and of which `isThere` says that its list has it too. */
export const overtaken = (queue: Queue, isThere: (message: Message) => boolean): string[] =>
  queue.filter(({ message }) => message && isThere(message)).map(({ nonce }) => nonce)

/** A time for the next message: as the clock says, but behind all others, so that it tells their order. */
export function timeBehind(queue: Queue, now: number): string {
  const last = Math.max(0, ...queue.map(({ created_at }) => Date.parse(created_at)))
  return new Date(Math.max(now, last + 1)).toISOString()
}

export const inOrder = (queue: Queue): Queue =>
  queue.toSorted((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at))
