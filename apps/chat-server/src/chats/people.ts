import type { Member, Role } from '@parley/contract'
import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'

/** How many of these people are active members of the workspace. */
export const inWorkspace = async (db: Db, workspaceId: number, userIds: number[]) =>
  (
    await db.one(sql<{ people: number }>`
        select count(*) as people from workspace_members m
        join users u on u.id = m.user_id and u.status = 'active'
        where m.workspace_id = ${workspaceId} and m.user_id = any (${userIds}::bigint[])
          and m.left_seq is null`)
  ).people

/** How many of these people are active and share a workspace with somebody. */
export const acquainted = async (db: Db, userId: number, userIds: number[]) =>
  (
    await db.one(sql<{ people: number }>`
        select count(distinct theirs.user_id) as people from workspace_members mine
        join workspaces w on w.id = mine.workspace_id and w.deleted_at is null
        join workspace_members theirs on theirs.workspace_id = mine.workspace_id and theirs.left_seq is null
        join users u on u.id = theirs.user_id and u.status = 'active'
        where mine.user_id = ${userId} and mine.left_seq is null
          and theirs.user_id = any (${userIds}::bigint[])`)
  ).people

export const listMembers = (db: Db, chatId: number, after: number, limit: number) =>
  db.rows(sql<Member>`
    select u.id, u.username, u.avatar_id, m.role from chat_members m join users u on u.id = m.user_id
    where m.chat_id = ${chatId} and m.left_seq is null and m.user_id > ${after}
    order by m.user_id limit ${limit}`)

/** Members with their roles in the chat and in its workspace. */
export const findMembers = (db: Db, chatId: number, userIds: number[]) =>
  db.rows(sql<Member & { workspace_role: Role | null }>`
    select u.id, u.username, u.avatar_id, m.role, w.role as workspace_role
    from chat_members m
    join users u on u.id = m.user_id
    join chats c on c.id = m.chat_id
    left join workspace_members w on w.workspace_id = c.workspace_id and w.user_id = m.user_id
      and w.left_seq is null
    where m.chat_id = ${chatId} and m.user_id = any (${userIds}::bigint[]) and m.left_seq is null`)

export const otherOwner = (db: Db, chatId: number, userId: number) =>
  db.maybe(sql<{ user_id: number }>`
    select user_id from chat_members
    where chat_id = ${chatId} and user_id <> ${userId} and role = 'owner' and left_seq is null limit 1`)

export const setRole = (db: Db, chatId: number, userId: number, role: Role) =>
  db.run(sql`
    update chat_members set role = ${role}
    where chat_id = ${chatId} and user_id = ${userId} and left_seq is null`)

export const memberCount = async (db: Db, chatId: number) =>
  (
    await db.one(sql<{ member_count: number }>`
      select member_count from chats where id = ${chatId}`)
  ).member_count

/** The only workspace of somebody who is in no other. */
export const onlyWorkspace = async (db: Db, userId: number) => {
  const ids = await db.rows(sql<{ id: number }>`
    select w.id from workspaces w join workspace_members m on m.workspace_id = w.id and m.left_seq is null
    where m.user_id = ${userId} and w.deleted_at is null limit 2`)
  return ids.length === 1 ? ids[0]?.id : undefined
}

export const memberIds = async (db: Db, chatId: number): Promise<number[]> => {
  const members = await db.rows(sql<{ user_id: number }>`
    select user_id from chat_members where chat_id = ${chatId} and left_seq is null`)
  return members.map(({ user_id }) => user_id)
}
