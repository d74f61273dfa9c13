import type { Bootstrap, Event } from '@parley/contract'
import { ParleyError } from '../errors.ts'
import { topicChange } from '../stream/ends.ts'
import type { Played } from './playback.ts'

/** Whether the earlier of two events of the log must also come first. */
export type Order = (earlier: Event, later: Event) => boolean

/** The least that a reader of each topic for itself needs. */
export const byTopic: Order = (earlier, later) => earlier.topic === later.topic

/** What the protocol promises. */
export const promised: Order = (earlier, later) => {
  if (byTopic(earlier, later)) return true
  const begun = topicChange(earlier)
  if (begun?.does === 'begins' && begun.topic === later.topic) return true
  return later.kind === 'RemoveFromChat' && earlier.topic === `chat:${later.chat_id}`
}

/** The places of the events from one on, mixed as far as the order allows. */
export function interleave(
  events: readonly Event[],
  from: number,
  isOrdered: Order,
  next: () => number,
): number[] {
  const left = events.map((_, at) => at).slice(from)
  const order: number[] = []
  while (left.length > 0) {
    const free = left.filter((at) => {
      const event = events[at]
      return left.every((other) => {
        const before = events[other]
        return other >= at || !event || !before || !isOrdered(before, event)
      })
    })
    const chosen = free[next() % free.length] ?? 0
    order.push(chosen)
    left.splice(left.indexOf(chosen), 1)
  }
  return order
}

const refusal = () =>
  new ParleyError({ code: 'not_found', status: 404, title: '', detail: '', request_id: '' })

/** A server that has a log, of which so many events have happened. */
export function createServer({ bootstrap, events, bootstraps }: Played, next: () => number) {
  let clock = 0
  /** Time goes on by itself now and then. */
  const pass = () => {
    if (next() % 3 === 0) clock = Math.min(events.length, clock + (next() % 5))
  }
  const isIn = (id: number): boolean =>
    events.slice(0, clock).reduce(
      (inside, { live }) => {
        const change = topicChange(live)
        return change?.topic === `chat:${id}` ? change.does === 'begins' : inside
      },
      bootstrap.chats.some((chat) => chat.id === id),
    )
  return {
    /** An event as a connection sends it at some time. */
    frame(at: number): string {
      clock = Math.max(clock, at + 1)
      pass()
      const event = events[at]
      return JSON.stringify(next() % 2 === 0 ? event?.live : event?.replayed)
    },
    eventsOf(id: number, after: number): Event[] {
      pass()
      if (!isIn(id)) throw refusal()
      const found = events
        .slice(0, clock)
        .map(({ replayed }) => replayed)
        .filter(({ topic, seq }) => topic === `chat:${id}` && seq > after)
      // A page is as long as it likes, but not empty where there is something.
      return found.slice(0, 1 + (next() % 4))
    },
    /** Everything of a moment that has come, and how many events it knows. */
    bootstrap(): { at: number; bootstrap: Bootstrap } {
      const could = bootstraps.filter(({ at }) => at >= clock)
      const chosen = could[next() % Math.min(3, could.length)] ?? { at: 0, bootstrap }
      clock = Math.max(clock, chosen.at)
      return chosen
    },
  }
}
