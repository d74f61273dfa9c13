import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'

/**
 * Makes a link for whose address it is, unless they got one in the last minute. Undefined where nobody
 * gets one. `email` is as they wrote it when they signed up.
 */
export const beginReset = (db: Db, email: string, hash: Buffer) =>
  db.maybe(sql<{ email: string }>`
    with gone as (delete from password_resets where expires_at < now()),
    person as (
      select u.id, u.email from users u
      where lower(u.email) = lower(${email}) and u.status = 'active' and not exists (
        select from password_resets r
        where r.user_id = u.id and r.created_at > now() - interval '1 minute')
    ), made as (
      insert into password_resets (hash, user_id) select ${hash}, id from person returning user_id
    )
    select p.email from person p join made m on m.user_id = p.id`)

/** Gives the sign-up that waits for this address its link, unless the address has an account. */
export const linkSignUp = (db: Db, email: string, hash: Buffer) =>
  db.maybe(sql<{ email: string }>`
    update pending_sign_ups set hash = ${hash}
    where lower(email) = lower(${email}) and expires_at > now()
      and not exists (select from users where lower(email) = lower(${email}))
    returning email`)

/** The address of an account, as its owner wrote it. */
export const findOwner = (db: Db, email: string) =>
  db.maybe(sql<{ email: string }>`
    select email from users where lower(email) = lower(${email}) and status = 'active'`)

export const dropReset = (db: Db, hash: Buffer): Promise<number> =>
  db.run(sql`delete from password_resets where hash = ${hash}`)
