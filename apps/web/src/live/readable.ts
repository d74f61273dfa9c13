import type { Event, File, Message } from '@parley/contract'

const broken = new WeakSet<Message>()
/** Whether nothing of it can be shown but that it is there. */
export const isBroken = (message: Message): boolean => broken.has(message)

let told = false
/** Once for a page: one that is broken seldom comes alone. */
export function tellBroken(): void {
  // oxlint-disable-next-line no-console -- whoever looks for the reason looks there
  if (!told) console.warn('Something that came cannot be shown.')
  told = true
}

const isTime = (value: unknown): value is string =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value))

const hasPlace = ({ id, chat_id, seq, sender_id }: Message): boolean =>
  [id, chat_id, seq, sender_id].every(Number.isSafeInteger)

const isFile = ({ name, mime, renditions }: File): boolean =>
  typeof name === 'string' && typeof mime === 'string' && Array.isArray(renditions)

const isWhole = ({ content, created_at, edited_at, mentions, files }: Message): boolean =>
  typeof content === 'string' &&
  isTime(created_at) &&
  (edited_at === null || isTime(edited_at)) &&
  Array.isArray(mentions) &&
  Array.isArray(files) &&
  files.every(isFile)

/**
 * The message, or what takes its place where a newer server, a proxy or the disk made something of it
 * that no row can show; undefined where not even its place is known.
 */
export function readable(message: Message | null): Message | undefined {
  if (message !== null && hasPlace(message) && isWhole(message)) return message
  tellBroken()
  if (message === null || !hasPlace(message)) return undefined
  const nothing = { content: '', files: [], mentions: [], reactions: [], edited_at: null }
  const created_at = isTime(message.created_at) ? message.created_at : new Date().toISOString()
  const instead = { ...message, ...nothing, created_at }
  broken.add(instead)
  return instead
}

/** Those of a page or of the disk. */
export const allReadable = (messages: readonly Message[]): Message[] =>
  messages.flatMap((message) => readable(message) ?? [])

/** The event with a message that can be shown; undefined where there is none in it. */
export function readableEvent(event: Event): Event | undefined {
  if (event.kind !== 'NewMessage' && event.kind !== 'MessageUpdated') return event
  const message = readable(event.message)
  if (message === event.message) return event
  return message && { ...event, message }
}
