import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'

interface Words {
  chat: number
  /** A member of it. */
  sender: number
  content: string
  /** The name of a member. */
  mention?: string | undefined
  /** A file of the sender's that hangs on nothing. */
  file?: number
}

/** Sends a message as the chat-server does, past it. */
export const say = (
  db: Db,
  { chat, sender, content, mention, file }: Words,
): Promise<{ id: number; seq: number }> =>
  db.one(sql<{ id: number; seq: number }>`
    select coalesce((s.message).id, 0) as id, coalesce((s.message).seq, 0) as seq
    from send_messages(${[chat]}::bigint[], ${[sender]}::bigint[], ${[content]}::text[],
      array[null::text], array[null::bigint], ${[mention ?? null]}::text[], 0,
      ${file === undefined ? null : [String(file)]}::text[], 0) s`)
