import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'
import { refuse } from '@parley/core/http/problem'
import type { Newcomer } from './newcomer.ts'

/** How many may wait for their mailbox at once. */
const mostPending = 10_000
/** How many letters go to one address until it has been left alone for an hour. */
const mostLetters = 5

export const forgetSignUps = (db: Db): Promise<number> =>
  db.run(sql`delete from pending_sign_ups where expires_at <= now()`)

/**
 * Keeps what somebody signed up with, for an hour, in the place of what was kept for the address. False
 * where it got enough letters already: then the one before stays.
 */
export async function keepSignUp(
  db: Db,
  { username, email, passwordHash, workspace, invite }: Newcomer,
): Promise<boolean> {
  await forgetSignUps(db)
  const { waiting } = await db.one(sql<{ waiting: number }>`
    select count(*)::integer as waiting from pending_sign_ups`)
  if (waiting >= mostPending) refuse('unavailable')
  const kept = await db.run(sql`
    insert into pending_sign_ups (email, username, password_hash, workspace, invite)
    values (${email}, ${username}, ${passwordHash}, ${workspace ?? null},
      ${invite ?? null})
    on conflict (lower(email)) do update set email = excluded.email, username = excluded.username,
      password_hash = excluded.password_hash, workspace = excluded.workspace,
      invite = excluded.invite, hash = null, letters = pending_sign_ups.letters + 1,
      expires_at = excluded.expires_at
    where pending_sign_ups.letters < ${mostLetters}`)
  return kept === 1
}

/** What waits behind a link, where it still counts. */
export const findSignUp = (db: Db, hash: Buffer) =>
  db.maybe(sql<{
    username: string
    email: string
    password_hash: string
    workspace: string | null
    invite: string | null
  }>`
    select username, email, password_hash, workspace, invite from pending_sign_ups
    where hash = ${hash} and expires_at > now()`)

/** Uses a link's secret up; false where it counts no longer. */
export const takeSignUp = async (db: Db, hash: Buffer): Promise<boolean> =>
  (await db.run(sql`delete from pending_sign_ups where hash = ${hash} and expires_at > now()`)) ===
  1
