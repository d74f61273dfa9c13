import type { ChatType, Role } from '@parley/contract'
import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { refuse } from '../http/problem.ts'

/** A chat that somebody may see, and what they are in it. */
export interface VisibleChat {
  id: number
  type: ChatType
  workspace_id: number | null
  history: 'all' | 'since_join'
  /** Null for whoever sees a public channel without having joined it. */
  role: Role | null
  workspace_role: Role | null
}

/**
 * The one way to a chat: members see it, and members of a workspace see its public channels.
 * Refuses with not_found, whether the chat is hidden or not there.
 */
export async function authorizeChat(db: Db, userId: number, chatId: number): Promise<VisibleChat> {
  const chat = await db.maybe(sql<VisibleChat>`
    select c.id, c.type, c.workspace_id, c.history, m.role, w.role as workspace_role
    from chats c
    join users u on u.id = ${userId} and u.status = 'active'
    left join chat_members m on m.chat_id = c.id and m.user_id = u.id and m.left_seq is null
    left join workspace_members w on w.workspace_id = c.workspace_id and w.user_id = u.id and w.left_seq is null
    where c.id = ${chatId} and c.deleted_at is null
      and (m.user_id is not null or (c.type = 'public_channel' and w.user_id is not null))`)
  return chat ?? refuse('not_found')
}

/** The same for those who must be in the chat to do what they ask. */
export async function authorizeMember(
  db: Db,
  userId: number,
  chatId: number,
): Promise<VisibleChat & { role: Role }> {
  const chat = await authorizeChat(db, userId, chatId)
  if (chat.role === null) refuse('not_a_member')
  return { ...chat, role: chat.role }
}

/** The one way to a workspace: its members. Refuses with not_found. */
export async function authorizeWorkspace(
  db: Db,
  userId: number,
  workspaceId: number,
): Promise<{ id: number; role: Role }> {
  const workspace = await db.maybe(sql<{ id: number; role: Role }>`
    select w.id, m.role from workspaces w
    join workspace_members m on m.workspace_id = w.id and m.user_id = ${userId} and m.left_seq is null
    join users u on u.id = m.user_id and u.status = 'active'
    where w.id = ${workspaceId} and w.deleted_at is null`)
  return workspace ?? refuse('not_found')
}
