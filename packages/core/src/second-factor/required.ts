import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { refuse } from '../http/problem.ts'

/** Whether whoever has the session has to set up a second factor before all else. */
export const secondFactorDue = async (db: Db, sessionId: number): Promise<boolean> =>
  (
    await db.one(sql<{ due: boolean }>`
      select coalesce(second_factor_due(${sessionId})::boolean, false) as due`)
  ).due

/** Refuses what would leave somebody without one that is required of them; undone with the transaction. */
export async function requireFactorLeft(db: Db, sessionId: number): Promise<void> {
  if (await secondFactorDue(db, sessionId)) refuse('last_second_factor')
}

/** Who requires a second factor of somebody. */
export const requiredBy = (db: Db, userId: number) =>
  db.one(sql<{ instance: boolean; workspaces: string[] }>`
    select p.requires_second_factor as instance,
      coalesce((
        select array_agg(w.name order by w.name) from workspace_members m
        join workspaces w on w.id = m.workspace_id and w.deleted_at is null and w.requires_second_factor
        where m.user_id = ${userId} and m.left_seq is null)::_text, '{}') as workspaces
    from instance_policy p`)
