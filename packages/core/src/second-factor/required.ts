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

/** Who requires a second factor of somebody: the instance, and workspaces by their names. */
export async function requiredBy(db: Db, userId: number) {
  const { instance } = await db.one(sql<{ instance: boolean }>`
    select requires_second_factor as instance from instance_policy`)
  const workspaces = await db.rows(sql<{ name: string }>`
    select w.name from workspace_members m
    join workspaces w on w.id = m.workspace_id and w.deleted_at is null and w.requires_second_factor
    where m.user_id = ${userId} and m.left_seq is null order by w.name`)
  return { instance, workspaces: workspaces.map(({ name }) => name) }
}
