import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { refuse } from '../http/problem.ts'

/**
 * The one way to what administrates the instance. To whoever does not, there is nothing; whoever does
 * needs more than a password for it.
 */
export async function authorizeAdmin(db: Db, userId: number): Promise<void> {
  const admin = await db.maybe(sql<{ second_factor: boolean }>`
    select coalesce(has_second_factor(id)::boolean, false) as second_factor from users
    where id = ${userId} and is_admin and status = 'active'`)
  if (!admin) refuse('not_found')
  if (!admin.second_factor) refuse('second_factor_missing')
}

/** Whether anybody does. */
export const hasAdmin = async (db: Db): Promise<boolean> =>
  (
    await db.one(sql<{ there: boolean }>`
      select coalesce(exists (
        select from users where is_admin and status = 'active'), false) as there`)
  ).there

/** Makes an account an administrator or takes it from it. False where there is none of the address. */
export const setAdmin = async (db: Db, email: string, isAdmin: boolean): Promise<boolean> =>
  (await db.run(sql`
    update users set is_admin = ${isAdmin}
    where lower(email) = lower(${email}) and status in ('active', 'disabled')`)) === 1
