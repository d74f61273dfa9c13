import type { Envelope } from './parse.ts'

/** Where the delivery of one topic stands. */
export interface Topic {
  /** The highest seq handed over. */
  last: number
  /** Nothing is handed over until the topic begins again; `last` still tells what was seen. */
  ended: boolean
  /** Events behind a hole, by seq. */
  held: Map<number, Envelope>
  /** Whether somebody fetches what is missing. */
  asked: boolean
}

export const topicAt = (last: number, ended = false): Topic => ({
  last,
  ended,
  held: new Map(),
  asked: false,
})

/** Keeps an event for its turn. */
export function hold(topic: Topic, event: Envelope): void {
  if (event.seq > topic.last && !topic.held.has(event.seq)) topic.held.set(event.seq, event)
}

/** Moves on to a seq; what was held up to there is over. */
export function moveTo(topic: Topic, seq: number): void {
  topic.last = Math.max(topic.last, seq)
  for (const old of topic.held.keys()) if (old <= topic.last) topic.held.delete(old)
}

/** Gives up what is missing before the first event held. */
export function skipHole(topic: Topic): void {
  if (topic.held.size > 0) topic.last = Math.min(...topic.held.keys()) - 1
}

/** The next event in order, if it is there; from here on it counts as handed over. */
export function nextHeld(topic: Topic): Envelope | undefined {
  const next = topic.held.get(topic.last + 1)
  if (next) {
    topic.held.delete(next.seq)
    topic.last = next.seq
  }
  return next
}
