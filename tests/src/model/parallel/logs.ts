import type { Event, UnknownEvent } from '@parley/contract'
import { toEvent } from '@parley/core/access/event'
import type { Pool } from '@parley/core/db/pool'
import { sql } from '@parley/core/db/sql'
import { same } from '../actions/attempt.ts'

/** What the log holds of one topic. */
export interface Log {
  topic: string
  id: number
  events: Event[]
}

/** The logs of some people and of all that they founded: each without a gap, and as long as it says. */
export async function readLogs(db: Pool, people: readonly number[]): Promise<Log[]> {
  const topics = await db.rows(sql<{ id: number; topic: string; last_seq: number }>`
    select t.id, concat(t.kind, ':', t.id) as topic, t.last_seq from topics t
    where t.id = any (${people}::bigint[])
      or t.id in (select id from workspaces where created_by = any (${people}::bigint[]))
      or t.id in (select id from chats where created_by = any (${people}::bigint[]))
    order by t.id`)
  const rows = await db.rows(sql<{
    topic_id: number
    seq: number
    kind: string
    actor_id: number | null
    at: string
    body: unknown
  }>`
    select topic_id, seq, kind, actor_id, at, body from event_log
    where topic_id = any (${topics.map(({ id }) => id)}::bigint[]) order by topic_id, seq`)
  const byTopic = Map.groupBy(rows, ({ topic_id }) => topic_id)
  return topics.map(({ id, topic, last_seq }) => {
    const logged = byTopic.get(id) ?? []
    same(
      [topic, logged.map(({ seq }) => seq)],
      [topic, Array.from({ length: last_seq }, (_, n) => n + 1)],
    )
    return { topic, id, events: logged.map((row) => known(toEvent(topic, row))) }
  })
}

function known(event: Event | UnknownEvent): Event {
  if (event.kind === 'Unknown') throw new Error(`seq ${event.seq} of ${event.topic} is unknown`)
  return event
}
