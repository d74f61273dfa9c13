import { type Statement, sql } from '@parley/core/db/sql'

/** Somebody whose presence is to be told. */
export interface Subject {
  id: number
  /** Until when they are not to be disturbed, in milliseconds since 1970; in the past where they may be. */
  dnd_until_ms: number
  /** When that changes by itself; infinity where it does not. */
  dnd_changes_ms: number
  /** Where it is told: chats with at most 100 people. */
  chat_ids: number[]
}

/** Nobody is in more chats that are small; and where somebody is, only so many hear of them. */
const mostChats = 1000

/**
 * Whom each of them shares a chat with is not asked: the hub knows who of those is listening. In larger
 * chats every coming and going would be told to everybody.
 */
export const readSubjects = (ids: number[]): Statement<Subject> => sql<Subject>`
  select u.id, coalesce((extract(epoch from d.dnd_until) * 1000)::double precision, 0) as dnd_until_ms,
    coalesce((extract(epoch from d.changes_at) * 1000)::double precision, 'infinity') as dnd_changes_ms,
    coalesce(s.chat_ids::_int8, '{}') as chat_ids
  from users u
  cross join lateral (select * from dnd_at(u.id, clock_timestamp())) d
  left join lateral (
    select array_agg(few.id) as chat_ids from (
      select c.id from chat_members m join chats c on c.id = m.chat_id
      where m.user_id = u.id and m.left_seq is null and c.deleted_at is null and c.member_count <= 100
      limit ${mostChats}
    ) few
  ) s on true
  where u.id = any (${ids}::bigint[])`
