import type { Me, Session, Workspace } from '@parley/contract'
import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'
import { noPassword } from '@parley/core/passwords/hash'

/** A new account. */
export const insertUser = (db: Db, username: string, email: string, passwordHash: string) =>
  db.one(sql<Me>`
      insert into users (username, email, password_hash)
      values (${username}, ${email}, ${passwordHash})
      returning id, username, avatar_id, email, created_at, is_admin`)

export const findAccount = (db: Db, email: string) =>
  db.maybe(sql<Me & { password_hash: string; status: 'active' | 'disabled' | 'erased' }>`
    select id, username, avatar_id, email, created_at, is_admin, password_hash, status
    from users where lower(email) = lower(${email})`)

/** Puts a new hash of the same password in the place of the old one, unless there is another since. */
export const renewHash = (db: Db, userId: number, old: string, renewed: string) =>
  db.run(sql`
    update users set password_hash = ${renewed} where id = ${userId} and password_hash = ${old}`)

export const findMe = (db: Db, userId: number) =>
  db.maybe(sql<Me>`
    select id, username, avatar_id, email, created_at, is_admin
    from users where id = ${userId} and status = 'active'`)

export const findPassword = (db: Db, userId: number) =>
  db.maybe(sql<{ email: string; password_hash: string }>`
    select email, password_hash from users where id = ${userId} and status = 'active'`)

export const hasPassword = async (db: Db, userId: number): Promise<boolean> =>
  (await findPassword(db, userId))?.password_hash !== noPassword

/** Locks the account, so that of two changes of what lets somebody in the second sees the first. */
export const lockAccount = (db: Db, userId: number) =>
  db.run(sql<{ id: number }>`
    select id from users where id = ${userId} and status = 'active' for no key update`)

export const setPassword = (db: Db, userId: number, hash: string) =>
  db.run(sql`update users set password_hash = ${hash} where id = ${userId} and status = 'active'`)

/** For whom a link is, where it still counts. */
export const findReset = (db: Db, hash: Buffer) =>
  db.maybe(sql<{ username: string; email: string }>`
    select u.username, u.email from password_resets r
    join users u on u.id = r.user_id and u.status = 'active'
    where r.hash = ${hash} and r.expires_at > now()`)

/** Uses a link's secret up; whose it is, or undefined where it counts no longer. */
export const takeReset = (db: Db, hash: Buffer) =>
  db.maybe(sql<{ id: number; email: string }>`
    delete from password_resets r using users u
    where r.hash = ${hash} and r.expires_at > now() and u.id = r.user_id and u.status = 'active'
    returning u.id, u.email`)

/** The sessions that a refresh would still go on with. */
export const liveSessions = (db: Db, userId: number) =>
  db.rows(sql<Omit<Session, 'current'>>`
    select id, user_agent, ip_prefix as network, created_at, last_used_at from sessions
    where user_id = ${userId} and revoked_at is null and idle_expires_at > now() and expires_at > now()
    order by last_used_at desc, id desc`)

export const endSessionById = (db: Db, userId: number, id: number) =>
  db.run(sql`
    update sessions set revoked_at = now(), revoked_because = 'signed out elsewhere'
    where id = ${id} and user_id = ${userId} and revoked_at is null
      and idle_expires_at > now() and expires_at > now()`)

export const endOtherSessions = (db: Db, userId: number, but: number, because: string) =>
  db.run(sql`
    update sessions set revoked_at = now(), revoked_because = ${because}
    where user_id = ${userId} and id <> ${but} and revoked_at is null`)

export const endAllSessions = (db: Db, userId: number, because: string) =>
  db.run(sql`
    update sessions set revoked_at = now(), revoked_because = ${because}
    where user_id = ${userId} and revoked_at is null`)

/** False where others would be left in a workspace without an owner. */
export const eraseAccount = async (db: Db, userId: number): Promise<boolean> =>
  (
    await db.one(sql<{ erased: boolean }>`
      select coalesce(erase_account(${userId})::boolean, false) as erased`)
  ).erased

export const renameUser = (db: Db, userId: number, username: string) =>
  db.run(sql`
      update users set username = ${username} where id = ${userId} and username <> ${username}`)

/**
 * Locks somebody and then what is told of a change of theirs, in the order in which that is locked
 * anyway: what is changed besides, such as files, is locked behind it.
 */
export const lockWhole = (db: Db, userId: number) =>
  db.run(sql<{ lock_topics: unknown }>`
    select lock_topics(array(select topic_id from topics_naming(array[u.id])))
    from (select id from users where id = ${userId} for no key update) u`)

/** The picture before goes. */
export const setAvatar = (db: Db, userId: number, fileId: number | null) =>
  db.run(sql`
    update users set avatar_id = ${fileId}
    where id = ${userId} and avatar_id is distinct from ${fileId}::bigint`)

/**
 * Founds the workspace of this name, or joins it where anybody may. Returns its id, or undefined; also
 * where it is being deleted.
 */
export async function foundOrJoin(
  db: Db,
  userId: number,
  name: string,
): Promise<number | undefined> {
  const known = await db.maybe(sql<{ id: number; join_policy: 'invite' | 'open' }>`
    select id, join_policy from workspaces where lower(name) = lower(${name}) and deleted_at is null`)
  if (known && known.join_policy !== 'open') return undefined
  if (known) {
    const { joined } = await db.one(sql<{ joined: boolean | null }>`
      select join_workspace(${known.id}, ${userId}, 'member')::boolean as joined`)
    return joined ? known.id : undefined
  }
  const founded = await db.one(sql<{ id: number | null }>`
    select found_workspace(${userId}, ${name}, 'invite')::bigint as id`)
  return Number(founded.id)
}

/** Whether anybody could found the workspace of this name, or join it without an invite. */
export const isNameFree = async (db: Db, name: string): Promise<boolean> =>
  (await db.maybe(sql<{ id: number }>`
    select id from workspaces
    where lower(name) = lower(${name}) and deleted_at is null and join_policy <> 'open'`)) ===
  undefined

export const findWorkspace = (db: Db, userId: number, workspaceId: number) =>
  db.one(sql<Workspace>`
    select w.id, w.name, w.join_policy, w.member_count, m.role, w.created_at, w.icon_id
    from workspaces w join workspace_members m on m.workspace_id = w.id and m.left_seq is null
    where m.user_id = ${userId} and w.id = ${workspaceId} and w.deleted_at is null`)
