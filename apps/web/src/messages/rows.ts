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
  /** What one wrote and the server does not know yet; stands below. */
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

/** A place below a row: what of it depends on the one above. */
function placeBelow(
  above: Row | undefined,
  { senderId, at, isNew }: Pick<Place, 'senderId' | 'at' | 'isNew'>,
  breaks: boolean,
  dayOf: RowsInput['dayOf'],
): Omit<Place, 'key'> {
  const day = dayOf(at)
  const isOther = above === undefined || dayOf(above.at) !== day
  const head = isOther || isNew || breaks || above.senderId !== senderId || !together(above, at)
  return { senderId, at, isNew, head, day: isOther ? day : undefined }
}

const same = (a: Row, b: Row): boolean =>
  a.message === b.message &&
  a.pending === b.pending &&
  a.head === b.head &&
  a.day === b.day &&
  a.isNew === b.isNew

/** How many of both are the same from the start on. */
function sameAtStart<T>(a: readonly T[], b: readonly T[]): number {
  const most = Math.min(a.length, b.length)
  let count = 0
  while (count < most && a[count] === b[count]) count++
  return count
}
/** The same from the end, but for those that are the same at the start. */
function sameAtEnd<T>(a: readonly T[], b: readonly T[], start: number): number {
  const most = Math.min(a.length, b.length) - start
  let count = 0
  while (count < most && a[a.length - 1 - count] === b[b.length - 1 - count]) count++
  return count
}

export interface Rows {
  readonly input: RowsInput
  readonly rows: Row[]
  readonly begins: number | undefined
  /** By key, those that are no more, and all that were made: another row or the same. */
  readonly gone: ReadonlyMap<string, Row>
  readonly made: readonly Row[]
}

/**
 * The rows of a list, from the oldest message to what is still to be sent, made from the rows of
 * before: those that did not change are the same objects, and only what lies between the messages that
 * are the same at both ends is looked at, however long the list is.
 */
export function rowsAfter(before: Rows | undefined, input: RowsInput): Rows {
  const { messages, pending, me, newAfter, dayOf } = input
  const begins = firstNew(messages, me, newAfter)?.id
  const goesOn = before?.begins === begins && before?.input.me === me
  const [old, known] = [before?.rows ?? [], before?.input.messages ?? []]
  const start = goesOn ? sameAtStart(known, messages) : 0
  const end = goesOn ? sameAtEnd(known, messages, start) : 0
  // The first one below what changed may begin a day now, or show its author.
  const [oldRest, rest] = [known.length - end + 1, messages.length - end + 1]
  const gone = new Map(
    [...old.slice(start, oldRest), ...old.slice(Math.max(oldRest, known.length))].map((row) => [
      row.key,
      row,
    ]),
  )
  const made: Row[] = []
  const last = () => made.at(-1) ?? old[start - 1]
  function add(row: Row): void {
    const was = gone.get(row.key)
    made.push(was && same(was, row) ? was : row)
  }
  for (const message of messages.slice(start, rest)) {
    const { id, sender_id: senderId, created_at: at, reply_to } = message
    const placed = { senderId, at, isNew: id === begins }
    const place = placeBelow(last(), placed, reply_to !== null, dayOf)
    add({ ...place, key: keyOf(message, me), message })
  }
  const unchanged = old.slice(oldRest, known.length)
  const middle = made.length
  const sent = new Set(messages.slice(-200).map(({ nonce }) => nonce))
  for (const one of pending) {
    if (sent.has(one.nonce)) continue
    const above = made.length > middle ? made.at(-1) : (unchanged.at(-1) ?? last())
    const placed = { senderId: me, at: one.created_at, isNew: false }
    add({ ...placeBelow(above, placed, false, dayOf), key: `n:${one.nonce}`, pending: one })
  }
  const rows = old.slice(0, start).concat(made.slice(0, middle), unchanged, made.slice(middle))
  return { input, rows, begins, gone, made }
}

/** The rows of a list, from the oldest message to what is still to be sent. */
export const rowsOf = (input: RowsInput): Row[] => rowsAfter(undefined, input).rows

/** How many rows were put before and behind the ones that stay; undefined where none stays. */
export function growth(
  before: readonly Row[],
  after: readonly Row[],
): { start: number; end: number } | undefined {
  let [first, last] = [0, before.length - 1]
  let start = after.findIndex(({ key }) => key === before[0]?.key)
  let end = after.findLastIndex(({ key }) => key === before[last]?.key)
  // Mostly both ends stay.
  if (start === -1 || end === -1) {
    const places = new Map(after.map(({ key }, index) => [key, index]))
    first = before.findIndex(({ key }) => places.has(key))
    last = before.findLastIndex(({ key }) => places.has(key))
    start = places.get(before[first]?.key ?? '') ?? -1
    end = places.get(before[last]?.key ?? '') ?? -1
  }
  if (start === -1) return undefined
  return { start: start - first, end: after.length - end - (before.length - last) }
}
