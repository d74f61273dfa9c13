import type { Invite, Member, Role, Workspace } from '@parley/contract'
import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'

/** Founds a workspace and returns its id. */
export async function found(
  db: Db,
  userId: number,
  name: string,
  joinPolicy: string,
): Promise<number> {
  const { id } = await db.one(sql<{ id: number | null }>`
      select found_workspace(${userId}, ${name}, ${joinPolicy})::bigint as id`)
  return Number(id)
}

export const findWorkspace = (db: Db, userId: number, workspaceId: number) =>
  db.maybe(sql<Workspace>`
    select w.id, w.name, w.join_policy, w.member_count, m.role, w.created_at, w.icon_id
    from workspaces w join workspace_members m on m.workspace_id = w.id and m.left_seq is null
    where m.user_id = ${userId} and w.id = ${workspaceId} and w.deleted_at is null`)

export const workspacesOf = (db: Db, userId: number) =>
  db.rows(sql<Workspace>`
    select w.id, w.name, w.join_policy, w.member_count, m.role, w.created_at, w.icon_id
    from workspaces w join workspace_members m on m.workspace_id = w.id and m.left_seq is null
    where m.user_id = ${userId} and w.deleted_at is null order by w.id`)

/** The largest workspaces that anybody may join and this person has not. */
export const openWorkspaces = (db: Db, userId: number) =>
  db.rows(sql<{ id: number; name: string; member_count: number }>`
    select w.id, w.name, w.member_count from workspaces w
    where w.join_policy = 'open' and w.deleted_at is null and not exists (
      select from workspace_members m
      where m.workspace_id = w.id and m.user_id = ${userId} and m.left_seq is null)
    order by w.member_count desc, w.id limit 100`)

export const update = (
  db: Db,
  id: number,
  { name = null, joinPolicy = null }: { name?: string | null; joinPolicy?: string | null },
) =>
  db.run(sql`
      update workspaces set name = coalesce(${name}::text, name),
        join_policy = coalesce(${joinPolicy}::text, join_policy)
      where id = ${id}`)

/** The icon before goes. */
export const setIcon = (db: Db, id: number, fileId: number | null) =>
  db.run(sql`
    update workspaces set icon_id = ${fileId}
    where id = ${id} and icon_id is distinct from ${fileId}::bigint`)

export const remove = (db: Db, id: number) =>
  db.run(sql`update workspaces set deleted_at = now() where id = ${id} and deleted_at is null`)

/** Joins the workspace if it is open to all. */
export async function joinOpen(db: Db, userId: number, workspaceId: number): Promise<void> {
  const open = await db.maybe(sql<{ id: number }>`
    select w.id from workspaces w where w.id = ${workspaceId} and w.deleted_at is null
      and (w.join_policy = 'open' or exists (select from workspace_members m
        where m.workspace_id = w.id and m.user_id = ${userId} and m.left_seq is null))`)
  if (!open) return
  await db.run(sql<{ join_workspace: unknown }>`
    select join_workspace(${workspaceId}, ${userId}, 'member')`)
}

export const listMembers = (db: Db, workspaceId: number, after: number, limit: number) =>
  db.rows(sql<Member>`
    select u.id, u.username, u.avatar_id, m.role from workspace_members m join users u on u.id = m.user_id
    where m.workspace_id = ${workspaceId} and m.left_seq is null and m.user_id > ${after}
    order by m.user_id limit ${limit}`)

export const findMember = (db: Db, workspaceId: number, userId: number) =>
  db.maybe(sql<Member>`
    select u.id, u.username, u.avatar_id, m.role from workspace_members m join users u on u.id = m.user_id
    where m.workspace_id = ${workspaceId} and m.user_id = ${userId} and m.left_seq is null`)

/** Takes the lock that any change of members takes, so that roles stay as they are read next. */
export const lockMembers = (db: Db, workspaceId: number) =>
  db.run(sql<{ lock_topics: unknown }>`select lock_topics(${[workspaceId]}::bigint[])`)

/** The same with all that somebody's leaving changes, in the order in which everybody locks. */
export const lockMembership = (db: Db, workspaceId: number, userId: number) =>
  db.run(sql<{ lock_topics: unknown }>`
    select lock_topics(array(
      select unnest(${[workspaceId, userId]}::bigint[])
      union select c.id from chats c join chat_members m on m.chat_id = c.id
      where c.workspace_id = ${workspaceId} and c.deleted_at is null and m.user_id = ${userId}
        and m.left_seq is null))`)

/** The same with all that goes with the workspace. */
export const lockWhole = (db: Db, workspaceId: number) =>
  db.run(sql<{ lock_topics: unknown }>`
    select lock_topics(array(
      select ${workspaceId}::bigint
      union select id from chats where workspace_id = ${workspaceId} and deleted_at is null))`)

export const otherOwner = (db: Db, workspaceId: number, userId: number) =>
  db.maybe(sql<{ user_id: number }>`
    select user_id from workspace_members
    where workspace_id = ${workspaceId} and user_id <> ${userId} and role = 'owner' and left_seq is null
    limit 1`)

export const setRole = (db: Db, workspaceId: number, userId: number, role: Role) =>
  db.run(sql`
    update workspace_members set role = ${role}
    where workspace_id = ${workspaceId} and user_id = ${userId} and left_seq is null`)

/** Takes somebody out of the workspace and of all its channels. */
export const removeMember = (db: Db, workspaceId: number, userId: number) =>
  db.run(sql`
    update workspace_members set left_seq = next_seq(workspace_id)
    where workspace_id = ${workspaceId} and user_id = ${userId} and left_seq is null`)

export const insertInvite = (
  db: Db,
  invite: {
    code: string
    workspaceId: number
    role: string
    seconds: number | null
    maxUses: number | null
    userId: number
  },
) =>
  db.one(sql<Invite>`
    insert into workspace_invites (code, workspace_id, role, expires_at, max_uses, created_by)
    values (${invite.code}, ${invite.workspaceId}, ${invite.role},
      now() + make_interval(secs => ${invite.seconds}::integer), ${invite.maxUses}, ${invite.userId})
    returning code, role, expires_at, max_uses, uses, created_by,
      created_at`)

export const liveInvites = (db: Db, workspaceId: number) =>
  db.rows(sql<Invite>`
    select code, role, expires_at, max_uses, uses, created_by,
      created_at
    from workspace_invites
    where workspace_id = ${workspaceId} and revoked_at is null
      and (expires_at is null or expires_at > now()) and (max_uses is null or uses < max_uses)
    order by created_at desc limit 1000`)

export const revokeInvite = (db: Db, workspaceId: number, code: string) =>
  db.run(sql`
    update workspace_invites set revoked_at = now()
    where workspace_id = ${workspaceId} and code = ${code} and revoked_at is null`)

export const findInvite = (db: Db, code: string) =>
  db.maybe(sql<{ id: number; name: string; member_count: number; live: boolean }>`
    select w.id, w.name, w.member_count,
      (i.revoked_at is null and (i.expires_at is null or i.expires_at > now())
        and (i.max_uses is null or i.uses < i.max_uses)) as live
    from workspace_invites i join workspaces w on w.id = i.workspace_id and w.deleted_at is null
    where i.code = ${code}`)
