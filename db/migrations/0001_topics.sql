-- Ids: milliseconds since 2015-01-01T00:00:00Z in the upper 41 bits, a sequence in the lower 12.
-- They stay below 2^53, so JSON numbers carry them; they sort by time. A sequence hands out 4,096
-- ids per millisecond before it could repeat one, more than one table can be given.
create function next_id(ids regclass) returns bigint
  language sql volatile
  return ((extract(epoch from clock_timestamp()) * 1000)::bigint - 1420070400000) << 12
    | (nextval(ids) & 4095);

-- Users, workspaces and chats take their ids from one sequence, because each is also a topic.
create sequence topic_ids;

-- RFC 3339 in UTC with milliseconds: the one form in which times leave the database.
create function rfc3339(at timestamptz) returns text
  language sql stable parallel safe
  return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

-- One topic per user, workspace and chat; last_seq is the seq of its newest event. The row is
-- narrow and its page half empty, so that a bump is a heap-only update: no index is touched.
create table topics (
  id bigint primary key,
  kind text not null check (kind in ('user', 'workspace', 'chat')),
  last_seq bigint not null default 0 check (last_seq >= 0)
) with (fillfactor = 50);

-- Where a resume may start. The epoch changes when the log's past does (restore, failover with
-- loss); every log row with an xid up to dropped_through may be gone with its partition.
create table log_meta (
  only_row boolean primary key default true check (only_row),
  epoch text not null default left(replace(gen_random_uuid()::text, '-', ''), 8),
  dropped_through xid8 not null default '0'
);
insert into log_meta default values;

-- The event log, by day, so that the retention drops whole partitions.
--   id   orders a round of the tail: it is drawn while the topic's row is locked, so it agrees with
--        seq inside each topic, and with cause and effect across topics.
--   xid  the writing transaction: what tells whether a snapshot could see the row.
create table event_log (
  id bigint generated always as identity,
  topic_id bigint not null,
  seq bigint not null,
  xid xid8 not null default pg_current_xact_id(),
  kind text not null,
  actor_id bigint,
  body jsonb not null,
  at timestamptz not null default clock_timestamp()
) partition by range (at);

-- The tail: what became visible since the last snapshot.
create index event_log_xid on event_log (xid);
-- Filling a hole of one topic.
create index event_log_topic_seq on event_log (topic_id, seq);
-- A resume reads only the reader's topics, however much others wrote since the cursor.
create index event_log_topic_xid on event_log (topic_id, xid);

-- Takes what no daily partition takes, so that a late maintenance job never refuses a message.
create table event_log_default partition of event_log default;

-- The newest transaction that wrote to the log, as far as the statement sees.
create function log_horizon() returns xid8
  language sql stable
  return greatest((select max(xid) from event_log), (select dropped_through from log_meta));

-- Where a stream goes on from the statement's snapshot: everything below was seen. It is never beyond
-- the log's newest transaction, because after a crash ids that nobody committed are given out again.
create function log_cursor() returns text
  language sql stable
  return (select epoch || '.' || least(pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
    log_horizon()::text::bigint + 1) from log_meta);

-- Makes the partitions of today and the given number of days ahead, and moves rows which meanwhile
-- landed in the default partition. Returns the names of those it made.
create function make_event_partitions(days_ahead integer) returns setof text
  language plpgsql as $$
declare
  day date;
  name text;
begin
  perform pg_advisory_xact_lock(hashtext('event_log partitions'));
  for day in
    select distinct d from (
      select (now() at time zone 'UTC')::date + n as d from generate_series(0, days_ahead) n
      union all
      select (l.at at time zone 'UTC')::date from event_log_default l
    ) days order by d
  loop
    name := 'event_log_' || to_char(day, 'YYYY_MM_DD');
    continue when to_regclass(name) is not null;
    execute format('create table %I (like event_log including defaults including constraints)', name);
    execute format(
      'with moved as (delete from event_log_default where at >= %L and at < %L returning *)
       insert into %I select * from moved',
      day::text || ' 00:00Z', (day + 1)::text || ' 00:00Z', name);
    execute format('alter table event_log attach partition %I for values from (%L) to (%L)',
      name, day::text || ' 00:00Z', (day + 1)::text || ' 00:00Z');
    return next name;
  end loop;
end $$;

-- Drops the partitions whose whole day is older than the retention and remembers how far the log
-- now reaches back. Returns the names of those it dropped.
create function drop_event_partitions(retention_days integer) returns setof text
  language plpgsql as $$
declare
  name text;
  last_xid xid8;
begin
  perform pg_advisory_xact_lock(hashtext('event_log partitions'));
  for name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'event_log'::regclass and c.relname <> 'event_log_default'
      and to_date(right(c.relname, 10), 'YYYY_MM_DD') < (now() at time zone 'UTC')::date - retention_days
    order by 1
  loop
    execute format('select max(xid) from %I', name) into last_xid;
    update log_meta set dropped_through = greatest(dropped_through, coalesce(last_xid, '0'));
    execute format('drop table %I', name);
    return next name;
  end loop;
end $$;

select make_event_partitions(3);
