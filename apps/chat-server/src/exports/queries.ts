import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'

/** For so many hours it can be fetched, and so long there is no other. */
const keptHours = 24

interface Requested {
  session_id: number
  requested_at: string
  expires_at: string
}

/** Opens an export to a session; false where one was asked for within a day. */
export const request = async (db: Db, userId: number, sessionId: number): Promise<boolean> =>
  (await db.run(sql`
    insert into exports as e (user_id, session_id) values (${userId}, ${sessionId})
    on conflict (user_id) do update set session_id = excluded.session_id, requested_at = now()
      where e.requested_at <= now() - ${keptHours} * interval '1 hour'`)) > 0

/** The one that there is now. */
export const find = (db: Db, userId: number) =>
  db.maybe(sql<Requested>`
    select e.session_id, e.requested_at,
      coalesce(e.requested_at + ${keptHours} * interval '1 hour', now()) as expires_at
    from exports e
    where e.user_id = ${userId} and e.requested_at > now() - ${keptHours} * interval '1 hour'`)

/**
 * Whether a session may have its person's: it asked for it within a day, it has not ended, and the
 * person is still here.
 */
export const isOpen = async (db: Db, userId: number, sessionId: number): Promise<boolean> =>
  (
    await db.one(sql<{ open: boolean }>`
      select coalesce(exists (
        select from exports e
        join sessions s on s.id = e.session_id and s.user_id = e.user_id
        join users u on u.id = e.user_id
        where e.user_id = ${userId} and e.session_id = ${sessionId}
          and e.requested_at > now() - ${keptHours} * interval '1 hour'
          and s.revoked_at is null and s.idle_expires_at > now() and s.expires_at > now()
          and u.status = 'active'
      ), false) as open`)
  ).open
