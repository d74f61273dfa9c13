import type { User } from '@parley/contract'
import type { Db } from '@parley/core/db/connection'
import { literally, sql } from '@parley/core/db/sql'

/** Active people who share a workspace or a chat with somebody, and themselves; by name. */
export const findUsers = (
  db: Db,
  userId: number,
  { query = '', ids = null, limit }: { query?: string; ids?: number[] | null; limit: number },
) =>
  db.rows(sql<User>`
    select u.id, u.username, u.avatar_id from users u
    where u.status = 'active'
      and (${ids}::bigint[] is null or u.id = any (${ids}::bigint[]))
      and lower(u.username) like lower(${`%${literally(query.normalize('NFC'))}%`})
      and (u.id = ${userId}
        or exists (
          select from workspace_members theirs
          join workspace_members mine on mine.workspace_id = theirs.workspace_id
            and mine.user_id = ${userId} and mine.left_seq is null
          join workspaces w on w.id = theirs.workspace_id and w.deleted_at is null
          where theirs.user_id = u.id and theirs.left_seq is null)
        or exists (
          select from chat_members theirs
          join chat_members mine on mine.chat_id = theirs.chat_id
            and mine.user_id = ${userId} and mine.left_seq is null
          join chats c on c.id = theirs.chat_id and c.deleted_at is null
          where theirs.user_id = u.id and theirs.left_seq is null))
    order by lower(u.username), u.id limit ${limit}`)
