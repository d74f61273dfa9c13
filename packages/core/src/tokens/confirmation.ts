import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import type { Principal } from './principal.ts'

/**
 * Whether whoever has the session proved who they are in the last five minutes, by signing in or once
 * more since: a token alone, which may have been stolen, is not enough for what is sensitive.
 */
export const recentlyConfirmed = async (
  db: Db,
  { sessionId, userId }: Principal,
): Promise<boolean> =>
  (
    await db.one(sql<{ confirmed: boolean }>`
      select coalesce(exists (
        select from sessions s
        where s.id = ${sessionId} and s.user_id = ${userId} and s.revoked_at is null
          and s.confirmed_at > now() - interval '5 minutes'
      ), false) as confirmed`)
  ).confirmed

/** Notes that they did so now. */
export const confirmSession = (
  db: Db,
  { sessionId, userId }: Pick<Principal, 'sessionId' | 'userId'>,
): Promise<number> =>
  db.run(sql`
    update sessions set confirmed_at = now()
    where id = ${sessionId} and user_id = ${userId} and revoked_at is null`)
