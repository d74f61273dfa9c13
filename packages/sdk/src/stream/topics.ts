import type { Event } from '@parley/contract'
import { topicChange } from './ends.ts'
import { type Envelope, isKnown } from './parse.ts'
import { type Topic, hold, moveTo, nextHeld, skipHole, topicAt } from './topic.ts'

export interface TopicsOptions {
  deliver(event: Event): void
  /** A chat's topic misses events behind the seq: fetch them and `fill`. */
  onHole(topic: string, after: number): void
  /** What is missing cannot be had from anywhere. */
  onLost(reason: string): void
}

export interface Topics {
  push(event: Envelope): void
  /**
   * Takes what `onHole` asked for: the topic's first events after the seq, as many as could be had.
   * What is missing before and between them is not to be had and is passed over.
   */
  fill(topic: string, after: number, page: Envelope[]): void
  /**
   * Begins anew with these seqs and nothing held back. Another topic waits for the event that begins
   * it: what comes of one that ended before these seqs is not for the reader any more. Without seqs,
   * where nothing tells how far a topic was, it begins with what comes first.
   */
  reset(topics?: Iterable<{ topic: string; last_seq: number }>): void
  /** Whether events wait behind a hole: then the cursor must wait too. */
  holds(): boolean
}

/** More than a stream replays: who waits for so many in one chat is better off with a bootstrap. */
const mostHeld = 10_000

/**
 * Puts each topic's events in order: once each, one after the other. What comes twice is dropped;
 * what comes too early is held back until the hole before it is filled.
 */
export function createTopics({ deliver, onHole, onLost }: TopicsOptions): Topics {
  let topics = new Map<string, Topic>()
  let anyMayBegin = true
  const holding = new Set<Topic>()

  const topicOf = (name: string, last: number): Topic => {
    const topic = topics.get(name) ?? topicAt(anyMayBegin ? last : 0, !anyMayBegin)
    topics.set(name, topic)
    return topic
  }
  const drain = (topic: Topic) => {
    for (let next = nextHeld(topic); next; next = nextHeld(topic)) hand(next)
    if (topic.held.size > 0) holding.add(topic)
    else holding.delete(topic)
  }
  const hand = (event: Envelope) => {
    if (!isKnown(event)) return
    const change = topicChange(event)
    if (change?.does === 'ends') end(change.topic)
    deliver(event)
    if (change?.does === 'begins') begin(change.topic, change.at)
  }
  const end = (name: string) => {
    const topic = topics.get(name)
    if (!topic) return
    topic.ended = true
    // What waits in a topic belongs before its end, holes or not.
    for (let size = topic.held.size; size > 0; size = topic.held.size) {
      skipHole(topic)
      drain(topic)
    }
  }
  const isOwnEnd = (event: Envelope): boolean => {
    const change = isKnown(event) ? topicChange(event) : undefined
    return change?.does === 'ends' && change.topic === event.topic
  }
  const begin = (name: string, at: number) => {
    const topic = topicOf(name, at)
    topic.ended = false
    moveTo(topic, at)
    drain(topic)
  }
  const ask = (name: string, topic: Topic) => {
    if (topic.held.size === 0 || topic.asked) return
    topic.asked = true
    onHole(name, topic.last)
  }

  return {
    holds: () => holding.size > 0,
    reset(positions) {
      holding.clear()
      anyMayBegin = positions === undefined
      topics = new Map(
        Array.from(positions ?? [], ({ topic, last_seq }) => [topic, topicAt(last_seq)]),
      )
    },
    push(event) {
      const topic = topicOf(event.topic, event.seq - 1)
      hold(topic, event)
      if (topic.ended) return
      // Of what was deleted meanwhile a server replays nothing but the end.
      if (isOwnEnd(event)) end(event.topic)
      else drain(topic)
      if (topic.held.size === 0) return
      if (!event.topic.startsWith('chat:')) onLost('hole')
      else if (topic.held.size > mostHeld) onLost('too_many_held')
      else ask(event.topic, topic)
    },
    fill(name, after, page) {
      const topic = topics.get(name)
      if (!topic) return
      topic.asked = false
      for (const event of page) if (event.topic === name) hold(topic, event)
      // An answer to an older question says nothing about the hole there is now.
      if (topic.last === after) skipHole(topic)
      drain(topic)
      ask(name, topic)
    },
  }
}
