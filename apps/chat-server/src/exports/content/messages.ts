import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'
import { type Json, type Part, texts } from './part.ts'

interface Stay {
  chat_id: number
  /** What one can see it by now; null where that is nothing. */
  chat: string | null
  first: number
  last: number
}

/** Chats in which one was, and between which places of their order. */
const stays = (db: Db, userId: number): Promise<Stay[]> =>
  db.rows(sql<Stay>`
    select m.chat_id,
      case c.type
        when 'single' then (
          select u.username from users u
          where u.id = case when c.low_user_id = ${userId} then c.high_user_id else c.low_user_id end)
        else max(c.name) filter (where m.left_seq is null and c.deleted_at is null)
      end::text as chat,
      coalesce(min(m.joined_seq), 0) as first, coalesce(max(coalesce(m.left_seq, t.last_seq)), 0) as last
    from chat_members m join chats c on c.id = m.chat_id join topics t on t.id = m.chat_id
    where m.user_id = ${userId} group by m.chat_id, c.id order by m.chat_id`)

/** Messages of a chat, of whomever, that one statement looks at: there is no index by sender. */
const step = 5_000

/** What one wrote, wherever; what others wrote is theirs. Of what was deleted only that it was. */
export const messages: Part = {
  name: 'messages.json',
  tables: ['messages'],
  async *read(db, userId) {
    for (const { chat_id, chat, first, last } of await stays(db, userId)) {
      for (let after = first - 1; after < last; after += step) {
        yield texts(
          await db.rows(sql<Json>`
            select coalesce(row_to_json(r)::text, '') as json from (
              select m.id, m.chat_id, ${chat}::text as chat, m.seq, m.created_at, m.edited_at,
                m.deleted_at, m.content, m.reply_to, m.mentions, m.file_ids, m.nonce
              from messages m
              where m.chat_id = ${chat_id} and m.seq > ${after} and m.seq <= ${after + step}
                and m.sender_id = ${userId}
              order by m.seq) r`),
        )
      }
    }
  },
}
