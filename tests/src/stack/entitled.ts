import type { Pool } from '@parley/core/db/pool'
import { sql } from '@parley/core/db/sql'

/** The newest row of the log. */
export const lastLogId = async (db: Pool): Promise<number> =>
  (await db.one(sql<{ id: number }>`select coalesce(max(id), 0) as id from event_log`)).id

/**
 * What somebody may see of the log after a row, by the promise itself: everything on their own topic,
 * and of a workspace or chat what lies inside their intervals. `topic seq`, in the order of the log.
 */
export async function entitled(db: Pool, userId: number, afterId: number): Promise<string[]> {
  const rows = await db.rows(sql<{ place: string }>`
    select concat(t.kind, ':', t.id, ' ', l.seq) as place
    from event_log l join topics t on t.id = l.topic_id
    where l.id > ${afterId} and (t.id = ${userId}
      or exists (select from chat_members m where m.chat_id = t.id and m.user_id = ${userId}
        and m.joined_seq < l.seq and (m.left_seq is null or l.seq < m.left_seq))
      or exists (select from workspace_members m where m.workspace_id = t.id and m.user_id = ${userId}
        and m.joined_seq < l.seq and (m.left_seq is null or l.seq < m.left_seq)))
    order by l.id`)
  return rows.map(({ place }) => place)
}
