import type { Chat, ChatType, Notification, Role } from '@parley/contract'
import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'

/** A chat as somebody sees it: as a member, or before joining. Undefined for whoever may not see it. */
export const findChat = (db: Db, userId: number, chatId: number) =>
  db.maybe(sql<Chat>`
    select c.id, c.type, c.workspace_id, c.name, c.description, c.history, c.is_general,
      coalesce(listed_members(c.id, c.member_count)::_int8, '{}') as users, c.member_count,
      m.role, m.notification, t.last_seq, m.read_seq,
      coalesce(unread_count(m.user_id, c.id, m.read_seq)::integer, 0) as unread_count,
      coalesce(mention_count(m.user_id, c.id, m.read_seq)::integer, 0) as mention_count,
      c.created_by, c.created_at
    from chats c join topics t on t.id = c.id
    left join chat_members m on m.chat_id = c.id and m.user_id = ${userId} and m.left_seq is null
    where c.id = ${chatId} and c.deleted_at is null
      and (m.chat_id is not null or c.type = 'public_channel' and exists (
        select from workspace_members w
        where w.workspace_id = c.workspace_id and w.user_id = ${userId} and w.left_seq is null))`)

/** A chat as its members see it. */
interface JoinedChat extends Chat {
  role: Role
  notification: Notification
  read_seq: number
}

export const chatsOf = (
  db: Db,
  userId: number,
  { workspaceId, after, limit }: { workspaceId: number | null; after: number; limit: number },
) =>
  db.rows(sql<JoinedChat>`
    select c.id, c.type, c.workspace_id, c.name, c.description, c.history, c.is_general,
      coalesce(listed_members(c.id, c.member_count)::_int8, '{}') as users, c.member_count,
      m.role, m.notification, t.last_seq, m.read_seq,
      coalesce(unread_count(m.user_id, c.id, m.read_seq)::integer, 0) as unread_count,
      coalesce(mention_count(m.user_id, c.id, m.read_seq)::integer, 0) as mention_count,
      c.created_by, c.created_at
    from chat_members m
    join chats c on c.id = m.chat_id and c.deleted_at is null
    join topics t on t.id = c.id
    where m.user_id = ${userId} and m.left_seq is null and c.id > ${after}
      and (${workspaceId}::bigint is null or c.workspace_id = ${workspaceId}::bigint)
    order by c.id limit ${limit}`)

interface WorkspaceChat extends Chat {
  workspace_id: number
}

/** The public channels of somebody's workspaces, joined or not. */
export const publicChannels = (
  db: Db,
  userId: number,
  { workspaceId, after, limit }: { workspaceId: number | null; after: number; limit: number },
) =>
  db.rows(sql<WorkspaceChat>`
    select c.id, c.type, c.workspace_id, c.name, c.description, c.history, c.is_general,
      coalesce(listed_members(c.id, c.member_count)::_int8, '{}') as users, c.member_count,
      m.role, m.notification, t.last_seq, m.read_seq,
      coalesce(unread_count(m.user_id, c.id, m.read_seq)::integer, 0) as unread_count,
      coalesce(mention_count(m.user_id, c.id, m.read_seq)::integer, 0) as mention_count,
      c.created_by, c.created_at
    from workspace_members w
    join chats c on c.workspace_id = w.workspace_id and c.type = 'public_channel' and c.deleted_at is null
    join topics t on t.id = c.id
    left join chat_members m on m.chat_id = c.id and m.user_id = w.user_id and m.left_seq is null
    where w.user_id = ${userId} and w.left_seq is null and c.id > ${after}
      and (${workspaceId}::bigint is null or c.workspace_id = ${workspaceId}::bigint)
    order by c.id limit ${limit}`)

/** Makes the pair's chat, or finds it. Returns its id and whether it is new. */
export async function openSingle(
  db: Db,
  userId: number,
  otherId: number,
): Promise<{ id: number; isNew: boolean }> {
  const [low, high] = [Math.min(userId, otherId), Math.max(userId, otherId)]
  const made = await db.maybe(sql<{ id: number }>`
    insert into chats (type, low_user_id, high_user_id, created_by)
    values ('single', ${low}, ${high}, ${userId})
    on conflict (low_user_id, high_user_id) where type = 'single' do nothing
    returning id`)
  if (made) {
    await addMembers(db, made.id, [low, high])
    return { id: made.id, isNew: true }
  }
  const known = await db.one(sql<{ id: number }>`
    select id from chats where type = 'single' and low_user_id = ${low} and high_user_id = ${high}`)
  return { id: known.id, isNew: false }
}

export interface NewChat {
  type: ChatType
  workspaceId: number | null
  name: string | null
  description: string | null
  history: string
}

/** Makes a group or channel with its first members; the maker owns it. Returns its id. */
export async function insertChat(
  db: Db,
  userId: number,
  chat: NewChat,
  userIds: number[],
): Promise<number> {
  const { id } = await db.one(sql<{ id: number }>`
    insert into chats (type, workspace_id, name, description, history, created_by)
    values (${chat.type}, ${chat.workspaceId}, ${chat.name}, ${chat.description}, ${chat.history}, ${userId})
    returning id`)
  await db.run(sql`
    insert into chat_members (chat_id, user_id, role)
    select ${id}, u, case u when ${userId}::bigint then 'owner' else 'member' end
    from unnest(${[userId, ...userIds]}::bigint[]) u`)
  return id
}

export const updateChat = (
  db: Db,
  id: number,
  chat: { name: string | null; description: string | null; type: string; history: string },
) =>
  db.run(sql`
    update chats set name = ${chat.name}, description = ${chat.description}, type = ${chat.type},
      history = ${chat.history}
    where id = ${id}`)

export const removeChat = (db: Db, id: number) =>
  db.run(sql`update chats set deleted_at = now() where id = ${id} and deleted_at is null`)

/** Adds those who are not in yet. */
export const addMembers = (db: Db, id: number, userIds: number[], role = 'member') =>
  db.run(sql`
    insert into chat_members (chat_id, user_id, role)
    select ${id}, u, ${role} from unnest(${userIds}::bigint[]) u order by u
    on conflict (chat_id, user_id) where left_seq is null do nothing`)

/** Takes members out; the streams of those who go learn it at this seq. */
export const removeMembers = (db: Db, id: number, userIds: number[]) =>
  db.run(sql`
    update chat_members set left_seq = next_seq(chat_id)
    where chat_id = ${id} and user_id = any (${userIds}::bigint[]) and left_seq is null`)

export const setNotification = (db: Db, id: number, userId: number, notification: string) =>
  db.run(sql`
    update chat_members set notification = ${notification}
    where chat_id = ${id} and user_id = ${userId} and left_seq is null`)

/** Members whose marker stands before they joined. */
export const markedBefore = async (db: Db, id: number): Promise<number[]> => {
  const rows = await db.rows(sql<{ user_id: number }>`
    select user_id from chat_members
    where chat_id = ${id} and left_seq is null and read_seq < joined_seq`)
  return rows.map(({ user_id }) => user_id)
}

/** Locks a chat's or workspace's topic and those of people, in the order in which everybody locks them. */
export const lock = (db: Db, id: number, userIds: number[] = []) =>
  db.run(sql<{ lock_topics: unknown }>`select lock_topics(${[id, ...userIds]}::bigint[])`)
