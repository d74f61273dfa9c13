import type { Message } from '@parley/contract'
import type { Pending } from './outbox/queue.ts'

interface Place {
  /** The same for one's own message before and after the server knows it. */
  readonly key: string
  readonly senderId: number
  readonly at: string
  /** It shows its author. */
  readonly head: boolean
  /** The day that begins with it, as `dayOf` names it. */
  readonly day: string | undefined
  /** What is not read begins with it. */
  readonly isNew: boolean
}

export type MessageRow = Place & { readonly message: Message; readonly pending?: undefined }
export type PendingRow = Place & { readonly pending: Pending; readonly message?: undefined }
/** One message and the lines above it: a row is never without a message. */
export type Row = MessageRow | PendingRow

export interface RowsInput {
  messages: readonly Message[]
  /** Empty where the chat's end is not shown. */
  pending: readonly Pending[]
  me: number
  /** Others' messages behind this seq are new; undefined for nothing new. */
  newAfter: number | undefined
  dayOf(at: string): string
}

/** How long one author's messages stay together, in milliseconds. */
const togetherMs = 5 * 60_000

export const keyOf = ({ id, nonce, sender_id }: Message, me: number): string =>
  sender_id === me && nonce !== null ? `n:${nonce}` : `m:${id}`

/** The message where the New line stands. */
function firstNew(
  messages: readonly Message[],
  me: number,
  newAfter: number | undefined,
): Message | undefined {
  if (newAfter === undefined) return undefined
  return messages.find(
    ({ seq, sender_id, deleted_at }) => seq > newAfter && sender_id !== me && deleted_at === null,
  )
}

const together = (before: Row, at: string): boolean =>
  Math.abs(Date.parse(at) - Date.parse(before.at)) <= togetherMs

/** The rows of a list, from the oldest message to what is still to be sent. */
export function rowsOf({ messages, pending, me, newAfter, dayOf }: RowsInput): Row[] {
  const rows: Row[] = []
  const begins = firstNew(messages, me, newAfter)
  const known = new Set(messages.slice(-200).map(({ nonce }) => nonce))

  function place(senderId: number, at: string, isNew: boolean, breaks: boolean) {
    const before = rows.at(-1)
    const day = dayOf(at)
    const isOther = before === undefined || dayOf(before.at) !== day
    const head = isOther || isNew || breaks || before.senderId !== senderId || !together(before, at)
    return { senderId, at, isNew, head, day: isOther ? day : undefined }
  }
  for (const message of messages) {
    const { sender_id, created_at, reply_to } = message
    const placed = place(sender_id, created_at, message === begins, reply_to !== null)
    rows.push({ ...placed, key: keyOf(message, me), message })
  }
  for (const one of pending) {
    if (known.has(one.nonce)) continue
    rows.push({
      ...place(me, one.created_at, false, false),
      key: `n:${one.nonce}`,
      pending: one,
    })
  }
  return rows
}

/** How many rows were put before and behind the ones that stay; undefined where none stays. */
export function growth(
  before: readonly Row[],
  after: readonly Row[],
): { start: number; end: number } | undefined {
  const places = new Map(after.map(({ key }, index) => [key, index]))
  const first = before.findIndex(({ key }) => places.has(key))
  const last = before.findLastIndex(({ key }) => places.has(key))
  const start = places.get(before[first]?.key ?? '')
  const end = places.get(before[last]?.key ?? '')
  if (start === undefined || end === undefined) return undefined
  return { start: start - first, end: after.length - end - (before.length - last) }
}
