import type { Account, Me } from '@parley/contract'
import type { Db } from '@parley/core/db/connection'
import { literally, sql } from '@parley/core/db/sql'
import { dropFactor } from '@parley/core/second-factor/factor'

export const becomeAdmin = (db: Db, userId: number) =>
  db.maybe(sql<Me>`
    update users set is_admin = true where id = ${userId} and status = 'active'
    returning id, username, avatar_id, email, created_at, is_admin`)

interface Wanted {
  query?: string
  only?: 'active' | 'disabled' | 'admins' | null
  before?: number
  limit: number
}

type Row = Omit<Account, 'status'> & { status: 'active' | 'disabled' | 'erased' }

const shown = ({ status, ...account }: Row): Account => ({
  ...account,
  // What is erased is not looked for.
  status: status === 'disabled' ? 'disabled' : 'active',
})

/** Accounts that are not erased, the newest first. */
export const findAccounts = async (
  db: Db,
  { query = '', only = null, before, limit }: Wanted,
): Promise<Account[]> => {
  const rows = await db.rows(sql<Row>`
    select u.id, u.username, u.email, u.status, u.is_admin, u.created_at, used.last_used_at,
      coalesce(asks_second_factor(u.id)::boolean, false) as second_factor
    from users u
    left join lateral (
      select s.last_used_at from sessions s where s.user_id = u.id
      order by s.last_used_at desc limit 1) used on true
    where u.status in ('active', 'disabled') and u.id < ${before ?? Number.MAX_SAFE_INTEGER}
      and (${only}::text is null or u.status = ${only} or (u.is_admin and ${only} = 'admins'))
      and (lower(u.username) like lower(${`%${literally(query.normalize('NFC'))}%`})
        or lower(u.email) like lower(${`%${literally(query)}%`}))
    order by u.id desc limit ${limit}`)
  return rows.map(shown)
}

export const findAccount = async (db: Db, userId: number): Promise<Account | undefined> => {
  const row = await db.maybe(sql<Row>`
    select u.id, u.username, u.email, u.status, u.is_admin, u.created_at, used.last_used_at,
      coalesce(asks_second_factor(u.id)::boolean, false) as second_factor
    from users u
    left join lateral (
      select s.last_used_at from sessions s where s.user_id = u.id
      order by s.last_used_at desc limit 1) used on true
    where u.id = ${userId} and u.status in ('active', 'disabled')`)
  return row && shown(row)
}

/** Whoever is disabled is signed out by it. */
export const setAccount = (
  db: Db,
  userId: number,
  { status = null, is_admin = null }: { status?: string | null; is_admin?: boolean | null },
) =>
  db.run(sql`
    update users set status = coalesce(${status}, status), is_admin = coalesce(${is_admin}, is_admin)
    where id = ${userId} and status in ('active', 'disabled')
      and (status <> ${status} or is_admin <> ${is_admin})`)

/** What they prove themselves by besides a password; where that is required, their sessions end with it. */
export async function dropFactors(db: Db, userId: number): Promise<void> {
  await dropFactor(db, userId)
  await db.run(sql`delete from passkeys where user_id = ${userId}`)
  await db.run(sql<{ end_sessions_due: unknown }>`
    select end_sessions_due(${[userId]}::bigint[])`)
}

export const endSessions = (db: Db, userId: number) =>
  db.run(sql`
    update sessions set revoked_at = now(), revoked_because = 'ended by an administrator'
    where user_id = ${userId} and revoked_at is null`)
