import { sql } from '@parley/core/db/sql'
import type { Stack } from '../../stack/servers.ts'
import { same } from '../actions/attempt.ts'
import { nameOf } from '../world/topic.ts'
import type { World } from '../world/world.ts'

/** The event log holds exactly what the world says, seq by seq, and of deleted messages no text. */
export async function expectLog({ sql: db }: Stack, world: World): Promise<void> {
  const topics = [...world.people, ...world.workspaces, ...world.chats]
  const rows = await db.rows(sql<{
    topic_id: number
    seq: number
    kind: string
    actor_id: number | null
    text: string | null
  }>`
    select topic_id, seq, kind, actor_id, body->'message'->>'content' as text from event_log
    where topic_id = any (${topics.map(({ id }) => id)}::bigint[]) order by topic_id, seq`)
  const byTopic = Map.groupBy(rows, ({ topic_id }) => topic_id)
  for (const topic of topics) {
    const logged = byTopic.get(topic.id) ?? []
    const told = logged.map(({ seq, kind, actor_id, text }) => ({ seq, kind, actor_id, text }))
    const expected = topic.log.map(({ kind, actor, text }, at) => ({
      seq: at + 1,
      kind,
      actor_id: actor?.id ?? null,
      text: text ? (text.message.deleted ? '' : text.content) : null,
    }))
    same([nameOf(topic), told], [nameOf(topic), expected])
  }
}
