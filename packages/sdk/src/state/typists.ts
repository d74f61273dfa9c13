import type { Ephemeral, Event } from '@parley/contract'

/** So long after somebody's message no Typing of theirs counts, in milliseconds: it was said before it. */
const overtakenMs = 500

interface Typist {
  chatId: number
  userId: number
  /** When this ends, in milliseconds by the clock of the caller. */
  until: number
  /** They have just sent it. */
  done: boolean
}

/** Who writes where. */
export type Typists = readonly Typist[]

const without = (typists: Typists, chatId: number, userId: number): Typists =>
  typists.filter((one) => one.chatId !== chatId || one.userId !== userId)

/** Who still writes at a time. The same list where that is everybody. */
export const typistsAt = (typists: Typists, now: number): Typists => {
  const left = typists.filter(({ until }) => now < until)
  return left.length === typists.length ? typists : left
}

/** Who writes after an event, which comes at `now`: it begins with Typing and ends with the message. */
export function typistsAfter(typists: Typists, event: Event | Ephemeral, now: number): Typists {
  const left = typistsAt(typists, now)
  if (event.kind === 'Typing') {
    const { chat_id: chatId, user_id: userId } = event
    const before = left.find((one) => one.chatId === chatId && one.userId === userId)
    if (before?.done) return left
    const until = now + event.expires_in_seconds * 1000
    return [...without(left, chatId, userId), { chatId, userId, until, done: false }]
  }
  if (event.kind === 'NewMessage') {
    const { chat_id: chatId, sender_id: userId } = event.message
    const until = now + overtakenMs
    return [...without(left, chatId, userId), { chatId, userId, until, done: true }]
  }
  return left
}

/** The ids of those who write in a chat, longest first. */
export const typistsIn = (typists: Typists, chatId: number, now: number): number[] =>
  typists
    .filter((one) => one.chatId === chatId && !one.done && now < one.until)
    .map(({ userId }) => userId)
