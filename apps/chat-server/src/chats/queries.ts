import type { Chat, ChatType } from '@parley/contract'
import type { Db } from '@parley/core/db/connection'
import { violated } from '@parley/core/db/errors'
import { sql } from '@parley/core/db/sql'
import { refuse } from '@parley/core/http/problem'

/** A chat as somebody sees it: as a member, or before joining. Undefined for whoever may not see it. */
export const findChat = (db: Db, userId: number, chatId: number) =>
  db.maybe(sql<Chat>`
    select c.id, c.type, c.workspace_id, c.name, c.description, c.history, c.is_general,
      coalesce(listed_members(c.id, c.member_count), '{}') as users, c.member_count, m.role,
      m.notification, t.last_seq, m.read_seq, coalesce(m.unread_count, 0) as unread_count,
      coalesce(m.mention_count, 0) as mention_count, c.created_by, rfc3339(c.created_at) as created_at
    from chats c join topics t on t.id = c.id
    left join member_chats m on m.id = c.id and m.member_id = ${userId}
    where c.id = ${chatId} and c.deleted_at is null
      and (m.id is not null or c.type = 'public_channel' and exists (
        select from workspace_members w
        where w.workspace_id = c.workspace_id and w.user_id = ${userId} and w.left_seq is null))`)

export const chatsOf = (
  db: Db,
  userId: number,
  { workspaceId, after, limit }: { workspaceId: number | null; after: number; limit: number },
) =>
  db.rows(sql<Chat>`
    select id, type, workspace_id, name, description, history, is_general, users, member_count, role,
      notification, last_seq, read_seq, unread_count, mention_count, created_by, created_at
    from member_chats
    where member_id = ${userId} and id > ${after}
      and (${workspaceId}::bigint is null or workspace_id = ${workspaceId}::bigint)
    order by id limit ${limit}`)

/** The public channels of somebody's workspaces, joined or not. */
export const publicChannels = (
  db: Db,
  userId: number,
  { workspaceId, after, limit }: { workspaceId: number | null; after: number; limit: number },
) =>
  db.rows(sql<Chat>`
    select c.id, c.type, c.workspace_id, c.name, c.description, c.history, c.is_general,
      coalesce(listed_members(c.id, c.member_count), '{}') as users, c.member_count, m.role,
      m.notification, t.last_seq, m.read_seq, coalesce(m.unread_count, 0) as unread_count,
      coalesce(m.mention_count, 0) as mention_count, c.created_by, rfc3339(c.created_at) as created_at
    from workspace_members w
    join chats c on c.workspace_id = w.workspace_id and c.type = 'public_channel' and c.deleted_at is null
    join topics t on t.id = c.id
    left join member_chats m on m.id = c.id and m.member_id = w.user_id
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
  const { id } = await unlessTaken(
    db.one(sql<{ id: number }>`
      insert into chats (type, workspace_id, name, description, history, created_by)
      values (${chat.type}, ${chat.workspaceId}, ${chat.name}, ${chat.description}, ${chat.history}, ${userId})
      returning id`),
  )
  await db.run(sql`
    insert into chat_members (chat_id, user_id, role)
    select ${id}, u, case u when ${userId}::bigint then 'owner' else 'member' end
    from unnest(${[userId, ...userIds]}::bigint[]) u`)
  return id
}

/** Refuses a name that a channel of the workspace has. */
async function unlessTaken<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (violated(error) === 'chats_channel_name') refuse('channel_name_taken')
    throw error
  }
}

export const updateChat = (
  db: Db,
  id: number,
  chat: { name: string | null; description: string | null; type: string; history: string },
) =>
  unlessTaken(
    db.run(sql`
      update chats set name = ${chat.name}, description = ${chat.description}, type = ${chat.type},
        history = ${chat.history}
      where id = ${id}`),
  )

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

/** Locks the chat's and the people's topics, in the order in which everybody locks them. */
export const lock = (db: Db, id: number, userIds: number[] = []) =>
  db.run(sql`select lock_topics(${[id, ...userIds]}::bigint[])`)
