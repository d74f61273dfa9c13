import type { Chat, Me, Notification, Role, User, Workspace } from '@parley/contract'
import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'
import type { Principal } from '@parley/core/tokens/principal'

/** Events are added until they have so many bytes. */
const fullPage = 1024 * 1024

/**
 * Events of a chat after a seq that lie inside the reader's intervals, oldest first; each with how
 * many there were, which is more than come where they are long.
 */
export const eventsAfter = (db: Db, userId: number, chatId: number, after: number, limit: number) =>
  db.rows(sql<{
    seq: number
    kind: string
    actor_id: number | null
    at: string
    body: unknown
    found: number
  }>`
    select p.seq, p.kind, p.actor_id, p.at, p.body::json as body,
      coalesce(p.found, 0)::integer as found
    from (
      select l.*, count(*) over () as found,
        sum(octet_length(l.body)) over (order by l.seq) - octet_length(l.body) as bytes
      from (
        select l.seq, l.kind, l.actor_id, l.at, l.body::text as body from event_log l
        where l.topic_id = ${chatId} and l.seq > ${after} and exists (
          select from chat_members i where i.chat_id = ${chatId} and i.user_id = ${userId}
            and i.joined_seq < l.seq and (i.left_seq is null or l.seq < i.left_seq))
        order by l.seq limit ${limit}
      ) l
    ) p
    where p.bytes < ${fullPage} order by p.seq`)

/** The intervals in which somebody was in a chat: what they may see of a since_join chat. */
export const intervals = (db: Db, userId: number, chatId: number) =>
  db.rows(sql<{ joined_seq: number; left_seq: number | null }>`
    select joined_seq, left_seq from chat_members
    where chat_id = ${chatId} and user_id = ${userId}`)

/** Where the stream goes on from this snapshot. */
export const cursorNow = async (db: Db): Promise<string> =>
  (
    await db.one(sql<{ cursor: string }>`
      select coalesce(log_cursor()::text, '') as cursor`)
  ).cursor

export const findMe = (db: Db, userId: number) =>
  db.maybe(sql<Me>`
    select id, username, avatar_id, email, created_at, is_admin
    from users where id = ${userId} and status = 'active'`)

export const workspacesOf = (db: Db, userId: number) =>
  db.rows(sql<Workspace>`
    select w.id, w.name, w.join_policy, w.member_count, m.role, w.created_at, w.icon_id
    from workspaces w join workspace_members m on m.workspace_id = w.id and m.left_seq is null
    where m.user_id = ${userId} and w.deleted_at is null order by w.id`)

export const chatsOf = (db: Db, userId: number) =>
  db.rows(sql<Chat & { role: Role; notification: Notification; read_seq: number }>`
    select c.id, c.type, c.workspace_id, c.name, c.description, c.history, c.is_general,
      coalesce(listed_members(c.id, c.member_count)::_int8, '{}') as users, c.member_count,
      m.role, m.notification, t.last_seq, m.read_seq,
      coalesce(unread_count(m.user_id, c.id, m.read_seq)::integer, 0) as unread_count,
      coalesce(mention_count(m.user_id, c.id, m.read_seq)::integer, 0) as mention_count,
      c.created_by, c.created_at
    from chat_members m
    join chats c on c.id = m.chat_id and c.deleted_at is null
    join topics t on t.id = c.id
    where m.user_id = ${userId} and m.left_seq is null order by c.id`)

export const findUsers = (db: Db, ids: number[]) =>
  db.rows(sql<User>`
    select id, username, avatar_id from users where id = any (${ids}::bigint[]) order by id`)

/** The seqs of one's own topic and of one's workspaces' and chats'. */
export const topicsOf = (db: Db, ids: number[]) =>
  db.rows(sql<{ topic: string; last_seq: number }>`
    select concat(kind, ':', id) as topic, last_seq from topics where id = any (${ids}::bigint[])
    order by id`)

export const insertTicket = (db: Db, hash: Buffer, { userId, sessionId, kid }: Principal) =>
  db.one(sql<{ expires_at: string }>`
    insert into event_tickets (hash, user_id, session_id, kid)
    values (${hash}, ${userId}, ${sessionId}, ${kid})
    returning expires_at`)
