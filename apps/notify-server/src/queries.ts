import { type Statement, sql } from '@parley/core/db/sql'
import type { Membership, TopicKind } from './memberships.ts'

/** A row of the log as it comes from a left join: all null when there is none. */
interface MaybeLogRow {
  id: number | null
  topic_id: number | null
  topic_kind: TopicKind | null
  seq: number | null
  xid: string | null
  kind: string | null
  actor_id: number | null
  at: string | null
  body: unknown
}

export interface RoundRow extends MaybeLogRow {
  snapshot: string | null
  epoch: string
  dropped_through: string
  /** By the database's clock, in milliseconds since 1970. */
  now_ms: number
}

/**
 * What became visible since the snapshot `seen`, up to `limit` rows, and the snapshot that this
 * statement saw it with; one row of nulls when there is nothing.
 *
 * The order is that of the ids. An id is drawn while its topic is locked, so it agrees with seq
 * inside each topic, and with cause and effect across topics.
 */
export const readRound = (seen: string, limit: number): Statement<RoundRow> => sql<RoundRow>`
  with now as materialized (select pg_current_snapshot() as snapshot)
  select now.snapshot::text as snapshot, m.epoch, m.dropped_through::text as dropped_through,
    coalesce((extract(epoch from clock_timestamp()) * 1000)::double precision, 0) as now_ms,
    l.id, l.topic_id, l.topic_kind, l.seq, l.xid, l.kind, l.actor_id, l.at, l.body
  from now cross join log_meta m
  left join (
    select e.id, e.topic_id, t.kind as topic_kind, e.seq, e.xid::text as xid, e.kind, e.actor_id, e.at, e.body
    from event_log e join topics t on t.id = e.topic_id
    where e.xid >= pg_snapshot_xmin(${seen}::pg_snapshot)
      and not pg_visible_in_snapshot(e.xid, ${seen}::pg_snapshot)
  ) l on true
  order by l.id limit ${limit}`

export interface RestRow {
  id: number
  topic_id: number
  topic_kind: TopicKind
  seq: number
  xid: string
  kind: string
  actor_id: number | null
  at: string
  body: unknown
}

/** The next rows of a round that did not fit into one page: those behind `lastId` that it saw. */
export const readRest = (
  seen: string,
  round: string,
  lastId: number,
  limit: number,
): Statement<RestRow> => sql<RestRow>`
  select l.id, l.topic_id, t.kind as topic_kind, l.seq, l.xid::text as xid, l.kind, l.actor_id, l.at, l.body
  from event_log l join topics t on t.id = l.topic_id
  where l.xid >= pg_snapshot_xmin(${seen}::pg_snapshot)
    and not pg_visible_in_snapshot(l.xid, ${seen}::pg_snapshot)
    and pg_visible_in_snapshot(l.xid, ${round}::pg_snapshot)
    and l.id > ${lastId}
  order by l.id limit ${limit}`

/** Where the log stands now. */
export const readLogState = (): Statement<LogState> => sql<LogState>`
  select epoch, pg_current_snapshot()::text as snapshot, coalesce(log_horizon()::text, '0') as horizon,
    dropped_through::text as dropped_through
  from log_meta`

interface LogState {
  epoch: string
  snapshot: string | null
  /** The newest transaction that wrote to the log. */
  horizon: string
  dropped_through: string
}

export interface Opening {
  snapshot: string | null
  horizon: string
  epoch: string
  dropped_through: string
  signed_in: boolean
  /** For `readMemberships`. */
  memberships: unknown
}

/** All that a stream begins with, of one moment: the snapshot says which. */
export const readOpening = (userId: number, sessionId: number): Statement<Opening> => sql<Opening>`
  select pg_current_snapshot()::text as snapshot, coalesce(log_horizon()::text, '0') as horizon, m.epoch,
    m.dropped_through::text as dropped_through, exists (
      select from sessions s join users u on u.id = s.user_id
      where s.id = ${sessionId} and s.user_id = ${userId} and s.revoked_at is null and u.status = 'active'
    ) as signed_in,
    coalesce((
      select json_agg(i) from (
        select cm.chat_id as topic_id, cm.joined_seq, cm.left_seq,
          c.deleted_at is not null as deleted
        from chat_members cm join chats c on c.id = cm.chat_id where cm.user_id = ${userId}
        union all
        select wm.workspace_id, wm.joined_seq, wm.left_seq, w.deleted_at is not null
        from workspace_members wm join workspaces w on w.id = wm.workspace_id where wm.user_id = ${userId}
      ) i
    ), '[]') as memberships
  from log_meta m`

export interface ReplayRow extends MaybeLogRow {
  dropped_through: string
  /** Of the bodies up to and with this one. */
  bytes: number | null
}

export interface ReplayRange {
  userId: number
  memberships: readonly Membership[]
  /** The stream has what was visible in it … */
  seen: string
  /** … and gets what was visible in this one … */
  upTo: string
  /** … but what was visible in that one with an id up to `partlyId`. */
  partly: string
  partlyId: number
  maxEvents: number
  maxBytes: number
}

/**
 * What one reader missed, in the order of the ids, from inside their intervals; of a deleted chat or
 * workspace only that it is gone. One row of nulls when there is nothing. A row more than
 * `maxEvents`, or a last one with more than `maxBytes`, says that there was too much.
 *
 * Each interval is looked up by itself in the index on (topic_id, xid); `offset 0` keeps the planner
 * from reading what all others wrote since. The first limit has no order, so it ends the search as
 * soon as there is too much.
 */
export function readReplay(range: ReplayRange): Statement<ReplayRow> {
  const { userId, memberships, seen, upTo, partly, partlyId, maxEvents, maxBytes } = range
  return sql<ReplayRow>`
    select m.dropped_through::text as dropped_through, r.id, r.topic_id, t.kind as topic_kind, r.seq,
      r.xid::text as xid, r.kind, r.actor_id, r.at, r.body::json as body, r.bytes
    from log_meta m left join (
      select f.*, sum(octet_length(f.body)) over (order by f.id)::bigint as bytes
      from (
        select l.id, i.topic_id, l.seq, l.xid, l.kind, l.actor_id, l.at, l.body
        from (
          select ${userId}::bigint, 0::bigint, null::bigint, false
          union all
          select * from unnest(
            ${memberships.map((one) => one.topic_id)}::bigint[],
            ${memberships.map((one) => one.joined_seq)}::bigint[],
            ${memberships.map((one) => one.left_seq)}::bigint[],
            ${memberships.map((one) => one.deleted)}::boolean[])
        ) i (topic_id, joined_seq, left_seq, deleted)
        cross join lateral (
          select e.id, e.seq, e.xid, e.kind, e.actor_id, e.at, e.body::text as body
          from event_log e
          where e.topic_id = i.topic_id and e.xid >= pg_snapshot_xmin(${seen}::pg_snapshot)
            and not pg_visible_in_snapshot(e.xid, ${seen}::pg_snapshot)
            and pg_visible_in_snapshot(e.xid, ${upTo}::pg_snapshot)
            and not (e.id <= ${partlyId} and pg_visible_in_snapshot(e.xid, ${partly}::pg_snapshot))
            and e.seq > i.joined_seq and (i.left_seq is null or e.seq < i.left_seq)
            and (not i.deleted or e.kind in ('ChatDeleted', 'WorkspaceDeleted'))
          offset 0
        ) l
        limit ${maxEvents} + 1
      ) f
    ) r on r.bytes - octet_length(r.body) <= ${maxBytes}
    left join topics t on t.id = r.topic_id
    order by r.id`
}

/** Takes a ticket: it is good once. */
export const takeTicket = (hash: Buffer): Statement<Taken> => sql<Taken>`
  select coalesce(user_id, 0) as user_id, coalesce(session_id, 0) as session_id, kid
  from take_ticket(${hash})`

interface Taken {
  user_id: number
  session_id: number
  /** The key of the token that it was made with. */
  kid: string | null
}
