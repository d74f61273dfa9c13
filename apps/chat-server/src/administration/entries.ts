import type { AuditEntry, FullAuditEntry, User } from '@parley/contract'
import type { Db } from '@parley/core/db/connection'
import type { Pool } from '@parley/core/db/pool'
import { sql } from '@parley/core/db/sql'

interface Wanted {
  action?: string
  actor_id?: number
  workspace_id?: number
  before?: number
  limit: number
}

/**
 * Plans each statement for what is asked for: whether an index helps depends on which of the filters
 * there are.
 */
const planned = <Row>(pool: Pool, work: (db: Db) => Promise<Row[]>): Promise<Row[]> =>
  pool.transaction(async (db) => {
    await db.run(sql<{ mode: string | null }>`
      select set_config('plan_cache_mode', 'force_custom_plan', true)::text as mode`)
    return work(db)
  })

type Row<Entry extends AuditEntry> = Omit<Entry, 'detail'> & { detail: unknown }

const shown = <Entry extends AuditEntry>(row: Row<Entry>) => ({
  ...row,
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the reply's schema lets out no more
  detail: row.detail as Entry['detail'],
})

/** Entries of the audit log that fit, the newest first. `sign_in` stands for all actions of it. */
export const entriesOf = (pool: Pool, wanted: Wanted) =>
  planned(pool, async (db) => {
    const { action = null, actor_id = null, workspace_id = null, before, limit } = wanted
    const rows = await db.rows(sql<Row<FullAuditEntry>>`
      select coalesce(a.position, 0) as position, a.at, a.action, a.actor_id, a.session_id, a.network,
        a.request_id, a.workspace_id, a.target_kind, a.target_id, a.detail
      from audit_log a
      where a.position < ${before ?? Number.MAX_SAFE_INTEGER}
        and (${actor_id}::bigint is null or a.actor_id = ${actor_id})
        and (${workspace_id}::bigint is null or a.workspace_id = ${workspace_id})
        and (${action}::text is null or a.action = ${action} or starts_with(a.action, ${action} || '.'))
      order by a.position desc limit ${limit}`)
    return rows.map(shown)
  })

/** The same of a workspace, but for what was done in chats that somebody does not see. */
export const entriesOfWorkspace = (
  pool: Pool,
  userId: number,
  wanted: Wanted & { workspace_id: number },
) =>
  planned(pool, async (db) => {
    const { action = null, actor_id = null, workspace_id, before, limit } = wanted
    const rows = await db.rows(sql<Row<AuditEntry> & { workspace_id: number }>`
      select coalesce(a.position, 0) as position, a.at, a.action, a.actor_id, a.workspace_id,
        a.target_kind, a.target_id, a.detail
      from audit_log a
      left join chats c on c.id = case when a.target_kind = 'chat' then a.target_id
        else audit_id(a.detail, 'chat_id')::bigint end
      where a.workspace_id = ${workspace_id} and a.position < ${before ?? Number.MAX_SAFE_INTEGER}
        and (${actor_id}::bigint is null or a.actor_id = ${actor_id})
        and (${action}::text is null or a.action = ${action} or starts_with(a.action, ${action} || '.'))
        and (c.type = 'public_channel'
          or exists (
            select from chat_members m
            where m.chat_id = c.id and m.user_id = ${userId} and m.left_seq is null)
          or (a.target_kind is distinct from 'chat' and not a.detail ? 'chat_id'))
      order by a.position desc limit ${limit}`)
    return rows.map(shown)
  })

/** What people are called now. */
export const namesOf = (db: Db, ids: number[]) =>
  db.rows(sql<User>`
    select id, username, avatar_id from users where id = any (${ids}::bigint[]) order by id`)

export const workspaceNames = (db: Db, ids: number[]) =>
  db.rows(sql<{ id: number; name: string }>`
    select id, name from workspaces where id = any (${ids}::bigint[]) order by id`)
