import type { Event } from '@parley/contract'
import { type State, topicChange } from '@parley/sdk'

/** How far a tab has come in each topic. */
export interface Positions {
  all(): ReadonlyMap<string, number>
  restart(state: State): void
  /** `new`: the next of its topic; `old`: it was there before; `gap`: others before it are missing. */
  take(event: Event): 'new' | 'old' | 'gap'
  /** Whether somebody who is there has seen what we have not. */
  behind(topics: ReadonlyMap<string, number>): boolean
}

export function createPositions(): Positions {
  let topics = new Map<string, number>()
  const reach = (topic: string, seq: number): void =>
    void topics.set(topic, Math.max(seq, topics.get(topic) ?? 0))
  return {
    all: () => topics,
    restart(state) {
      topics = new Map(state.topics)
      for (const { id, last_seq } of state.chats.values()) topics.set(`chat:${id}`, last_seq)
    },
    take(event) {
      const last = topics.get(event.topic)
      if (last !== undefined && event.seq <= last) return 'old'
      topics.set(event.topic, event.seq)
      const change = topicChange(event)
      // What ended is nobody's concern any more; it may begin again anywhere later.
      if (change?.does === 'ends') topics.delete(change.topic)
      if (change?.does === 'begins') reach(change.topic, change.at)
      return last !== undefined && event.seq > last + 1 ? 'gap' : 'new'
    },
    behind: (others) => [...others].some(([topic, seq]) => (topics.get(topic) ?? -1) < seq),
  }
}
