import { sql } from '@parley/core/db/sql'
import { type Json, type Part, texts } from './part.ts'

export const workspaces: Part = {
  name: 'workspaces.json',
  tables: ['workspaces', 'workspace_members'],
  async *read(db, userId) {
    yield texts(
      await db.rows(sql<Json>`
        select coalesce(row_to_json(r)::text, '') as json from (
          select m.workspace_id,
            case when m.left_seq is null and w.deleted_at is null then w.name end as name,
            w.created_by = ${userId} as founded_by_you, m.role, m.joined_at, m.joined_seq, m.left_seq
          from workspace_members m join workspaces w on w.id = m.workspace_id
          where m.user_id = ${userId} order by m.workspace_id, m.joined_seq) r`),
    )
  },
}

/** Invites that one made, without what lets people in. */
export const invites: Part = {
  name: 'invites.json',
  tables: ['workspace_invites'],
  async *read(db, userId) {
    yield texts(
      await db.rows(sql<Json>`
        select coalesce(row_to_json(r)::text, '') as json from (
          select i.workspace_id, i.role, i.created_at, i.expires_at, i.revoked_at, i.uses, i.max_uses
          from workspace_invites i where i.created_by = ${userId} order by i.created_at) r`),
    )
  },
}

/** Where one is or was, how far one has read, and how one is told; the names of those where one is. */
export const chats: Part = {
  name: 'chats.json',
  tables: ['chats', 'chat_members'],
  async *read(db, userId) {
    yield texts(
      await db.rows(sql<Json>`
        select coalesce(row_to_json(r)::text, '') as json from (
          select m.chat_id, c.type, c.workspace_id,
            case when m.left_seq is null and c.deleted_at is null then c.name end as name,
            case when c.type = 'single' then (
              select u.username from users u
              where u.id = case when c.low_user_id = ${userId} then c.high_user_id else c.low_user_id end
            ) end as with,
            c.created_by = ${userId} as made_by_you, m.role, m.joined_at, m.joined_seq, m.left_seq,
            m.read_seq, m.notification
          from chat_members m join chats c on c.id = m.chat_id
          where m.user_id = ${userId} order by m.chat_id, m.joined_seq) r`),
    )
  },
}

/** Mentions of one that one statement gives. */
const step = 5_000

/** Where others mentioned one; what they said is theirs. */
export const mentions: Part = {
  name: 'mentions.json',
  tables: ['message_mentions'],
  async *read(db, userId) {
    for (let chatId = 0, seq = 0; ;) {
      const rows = await db.rows(sql<{ chat_id: number; seq: number }>`
        select chat_id, seq from message_mentions
        where user_id = ${userId} and (chat_id, seq) > (${chatId}, ${seq})
        order by chat_id, seq limit ${step}`)
      const last = rows.at(-1)
      if (last === undefined) return
      yield rows.map((row) => JSON.stringify(row))
      ;({ chat_id: chatId, seq } = last)
    }
  },
}
