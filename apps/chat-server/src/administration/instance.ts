import type { Figures, SignUpPolicy, User, WorkspaceSummary } from '@parley/contract'
import type { Db } from '@parley/core/db/connection'
import { literally, sql } from '@parley/core/db/sql'

/** All workspaces that there are, the newest first. */
export async function findWorkspaces(
  db: Db,
  { query = '', before, limit }: { query?: string; before?: number; limit: number },
): Promise<WorkspaceSummary[]> {
  const rows = await db.rows(sql<Omit<WorkspaceSummary, 'owners'> & { owners: unknown }>`
    select w.id, w.name, w.join_policy, w.member_count, w.created_at,
      coalesce((
        select jsonb_agg(user_json(u) order by u.id) from (
          select o.user_id from workspace_members o
          where o.workspace_id = w.id and o.role = 'owner' and o.left_seq is null
          order by o.user_id limit 10) o
        join users u on u.id = o.user_id)::jsonb, '[]') as owners
    from workspaces w
    where w.deleted_at is null and w.id < ${before ?? Number.MAX_SAFE_INTEGER}
      and lower(w.name) like lower(${`%${literally(query.normalize('NFC'))}%`})
    order by w.id desc limit ${limit}`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- user_json makes them so
  return rows.map((row) => ({ ...row, owners: row.owners as User[] }))
}

export const chooseSignUp = (db: Db, chosen: SignUpPolicy | null) =>
  db.run(sql`
    update instance_policy set signup = ${chosen} where signup is distinct from ${chosen}`)

/** Messages are as many as the database thought when it last looked; all else is counted. */
export const countAll = (db: Db) =>
  db.one(sql<Omit<Figures, 'version'>>`
    select
      coalesce((select count(*) from users where status <> 'erased'), 0) as users,
      coalesce((select count(*) from users where status = 'disabled'), 0) as disabled_users,
      coalesce(active.today, 0) as active_today,
      coalesce(active.this_month, 0) as active_this_month,
      coalesce((select count(*) from workspaces where deleted_at is null), 0) as workspaces,
      coalesce((select count(*) from chats where deleted_at is null), 0) as chats,
      coalesce((
        select greatest(reltuples, 0) from pg_class where oid = 'messages'::regclass)::bigint, 0)
        as messages,
      coalesce((select bytes from file_use where scope = 'instance' and id = 0), 0) as file_bytes,
      coalesce(pg_database_size(current_database())::bigint, 0) as database_bytes
    from (
      select count(*) filter (where last > now() - interval '1 day') as today, count(*) as this_month
      from (
        select user_id, max(last_used_at) as last from sessions
        where last_used_at > now() - interval '30 days' group by user_id) used) active`)
