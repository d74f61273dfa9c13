import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'

/** Who somebody is at a provider: the one key that never means anybody else (OpenID Connect Core 1.0, 2). */
export interface Identity {
  issuer: string
  subject: string
}

/** Whose account it is. */
export const findLinked = (db: Db, { issuer, subject }: Identity) =>
  db.maybe(sql<{ id: number }>`
    select user_id as id from openid_links where issuer = ${issuer} and subject = ${subject}`)

export const insertLink = (db: Db, userId: number, { issuer, subject }: Identity) =>
  db.run(sql`
    insert into openid_links (issuer, subject, user_id) values (${issuer}, ${subject}, ${userId})`)

export const deleteLink = (db: Db, userId: number, issuer: string) =>
  db.run(sql`delete from openid_links where user_id = ${userId} and issuer = ${issuer}`)

/** When the account was linked to the provider; undefined where it was not. */
export const linkedAt = async (db: Db, userId: number, issuer: string) =>
  (
    await db.maybe(sql<{ linked_at: string }>`
      select linked_at from openid_links where user_id = ${userId} and issuer = ${issuer}`)
  )?.linked_at

/** A name that nobody has, which begins with this one. */
export async function freeName(db: Db, wanted: string): Promise<string> {
  const free = await db.maybe(sql<{ name: string }>`
    select coalesce(n.name, '') as name from (
      select i, ${wanted}::text || case when i = 1 then '' else i::text end as name
      from generate_series(1, 100) i) n
    where not exists (select from users where lower(username) = lower(n.name))
    order by n.i limit 1`)
  return free?.name ?? wanted
}

/** Whether the session, which a flow began in, still is. */
export const isLive = async (db: Db, sessionId: number, userId: number): Promise<boolean> =>
  (
    await db.one(sql<{ live: boolean }>`
      select coalesce(exists (
        select from sessions s join users u on u.id = s.user_id and u.status = 'active'
        where s.id = ${sessionId} and s.user_id = ${userId} and s.revoked_at is null
          and s.idle_expires_at > now() and s.expires_at > now()), false) as live`)
  ).live
