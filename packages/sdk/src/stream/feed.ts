import type { Methods } from '../calls/methods.ts'
import { ParleyError } from '../errors.ts'
import type { Outlet } from './outlet.ts'
import { type Envelope, isEnvelope, parseEnvelope } from './parse.ts'
import { createTopics } from './topics.ts'

/** Where to go on from: a bootstrap is one. */
export interface StreamPosition {
  cursor: string
  /** The seq that each topic had there; without them the first event of a topic is its beginning. */
  topics?: readonly { topic: string; last_seq: number }[]
}

export interface FeedOptions {
  outlet: Outlet
  onLost(reason: string): void
  listEvents: Methods['listEvents']
}

export interface Feed {
  take(data: string): void
  sawCursor(cursor: string): void
  /** Stands for nothing that was not delivered. */
  cursor(): string | undefined
  restart(position: StreamPosition): void
}

const pageSize = 100
/** How long the log is asked for a hole, in milliseconds: a bootstrap may be had where it fails. */
const holeMs = 30_000

/** What the application is given, from the frames of one connection or of two at a time. */
export function createFeed({ outlet, onLost, listEvents }: FeedOptions): Feed {
  let seen: string | undefined
  let safe: string | undefined
  let generation = 0

  const topics = createTopics({
    deliver: outlet.event,
    onLost,
    onHole: (topic, after) => {
      fetchHole(topic, after, generation).catch(() => onLost('hole'))
    },
  })
  const settle = () => {
    if (!topics.holds() && !outlet.closed.aborted) safe = seen
  }

  async function fetchHole(topic: string, after: number, mine: number): Promise<void> {
    const page = await pageOf(topic, after)
    if (mine !== generation || outlet.closed.aborted) return
    topics.fill(topic, after, page)
    settle()
  }
  async function pageOf(topic: string, after: number): Promise<Envelope[]> {
    const id = Number(topic.slice('chat:'.length))
    try {
      const { events } = await listEvents(
        { params: { id }, query: { after, limit: pageSize } },
        { signal: outlet.closed, retryLimitMs: holeMs },
      )
      return events.filter(isEnvelope)
    } catch (error) {
      // No access any more: the end of the topic is on its way.
      if (error instanceof ParleyError && error.outcome === 'refused') return []
      throw error
    }
  }

  return {
    cursor: () => safe,
    take(data) {
      const event = parseEnvelope(data)
      if (event) topics.push(event)
      else outlet.malformed(data)
    },
    sawCursor(cursor) {
      seen = cursor
      settle()
    },
    restart(position) {
      generation++
      seen = position.cursor
      safe = position.cursor
      topics.reset(position.topics)
    },
  }
}
