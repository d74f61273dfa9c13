import type { Event } from '@parley/contract'
import type { Draft } from './draft.ts'

/** Per topic; more are not to be expected, since servers announce what they send. */
const most = 500

/** Keeps an event for the time when its topic is announced. */
export function wait(draft: Draft, event: Event): void {
  const before = draft.waiting.get(event.topic) ?? []
  if (before.some(({ seq }) => seq === event.seq)) return
  draft.waiting.set(event.topic, [...before.slice(-most + 1), event])
}

/** Gives back, in order, what waited for the topic. */
export function awaited(draft: Draft, topic: string): Event[] {
  const events = draft.waiting.get(topic) ?? []
  draft.waiting.delete(topic)
  return events.toSorted((a, b) => a.seq - b.seq)
}
