import type { Me, Workspace } from '@parley/contract'
import type { Db } from '@parley/core/db/connection'
import { violated } from '@parley/core/db/errors'
import { sql } from '@parley/core/db/sql'
import { refuse } from '@parley/core/http/problem'

/** A new account. Refuses with account_taken, whichever of the two is taken. */
export async function insertUser(
  db: Db,
  username: string,
  email: string,
  passwordHash: string,
): Promise<Me> {
  try {
    return await db.one(sql<Me>`
      insert into users (username, email, password_hash)
      values (${username}, ${email}, ${passwordHash})
      returning id, username, email, rfc3339(created_at) as created_at`)
  } catch (error) {
    if (['users_username', 'users_email'].includes(violated(error) ?? '')) refuse('account_taken')
    throw error
  }
}

export const findAccount = (db: Db, email: string) =>
  db.maybe(sql<Me & { password_hash: string; status: string }>`
    select id, username, email, rfc3339(created_at) as created_at, password_hash, status
    from users where lower(email) = lower(${email})`)

export const findMe = (db: Db, userId: number) =>
  db.maybe(sql<Me>`
    select id, username, email, rfc3339(created_at) as created_at
    from users where id = ${userId} and status = 'active'`)

/** Refuses with account_taken. */
export async function renameUser(db: Db, userId: number, username: string): Promise<void> {
  try {
    await db.run(sql`
      update users set username = ${username} where id = ${userId} and username <> ${username}`)
  } catch (error) {
    if (violated(error) === 'users_username') refuse('account_taken')
    throw error
  }
}

/** Founds the workspace of this name, or joins it where anybody may. Returns its id. */
export async function foundOrJoin(db: Db, userId: number, name: string): Promise<number> {
  const known = await db.maybe(sql<{ id: number; join_policy: string }>`
    select id, join_policy from workspaces where lower(name) = lower(${name}) and deleted_at is null`)
  if (known && known.join_policy !== 'open') refuse('workspace_name_taken')
  if (known) {
    await db.run(sql`select join_workspace(${known.id}, ${userId}, 'member')`)
    return known.id
  }
  const founded = await db.one(sql<{ id: number | null }>`
    select found_workspace(${userId}, ${name}, 'invite') as id`)
  return Number(founded.id)
}

export const findWorkspace = (db: Db, userId: number, workspaceId: number) =>
  db.one(sql<Workspace>`
    select id, name, join_policy, member_count, role, created_at from member_workspaces
    where member_id = ${userId} and id = ${workspaceId}`)
