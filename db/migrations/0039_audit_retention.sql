-- Old entries of the audit log go, the oldest first, and what is left is still a chain: it begins where an
-- entry of its own says that it was cut. Who may have them dropped is granted after the migrations.

-- The newest entry, so that a log whose end is gone shows: the next entry would follow what is gone.
create table audit_end (
  only_row boolean primary key default true check (only_row),
  position bigint not null,
  hash bytea
);
insert into audit_end (position, hash)
select coalesce(max(a.position), 0), (array_agg(a.hash order by a.position desc))[1]
from audit_log a where a.position is not null;

-- The row of the end is the lock that makes one chain of the entries, as the advisory lock was before. It
-- still runs when the transaction commits.
create or replace function seal_audit() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  sealed audit_log;
  last audit_end;
begin
  select * into strict last from audit_end for update;
  select * into sealed from audit_log where id = new.id;
  sealed.position := last.position + 1;
  sealed.prev_hash := last.hash;
  sealed.hash := audit_hash(sealed);
  update audit_log set position = sealed.position, prev_hash = sealed.prev_hash, hash = sealed.hash
  where id = new.id;
  update audit_end set position = sealed.position, hash = sealed.hash;
  return null;
end $$;

-- Nothing is changed, and nothing taken out before thirty days have gone. What is taken out later, but not
-- by prune_audit, shows as a hole.
create or replace function guard_audit() returns trigger
  language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if old.hash is null and to_jsonb(new) - '{position,prev_hash,hash}'::text[]
      = to_jsonb(old) - '{position,prev_hash,hash}'::text[] then return new; end if;
  elsif tg_op = 'DELETE' then
    if old.at < now() - interval '30 days' then return old; end if;
  end if;
  raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end $$;

-- The newest entry that says that those before this one were dropped; null where none does.
create function audit_cut(p_position bigint, p_prev_hash bytea) returns bigint
  language sql stable
  return (
    select max(p.position) from audit_log p
    where p.action = 'audit.pruned' and p.position >= p_position
      and p.detail @> jsonb_build_object('through', p_position - 1, 'hash', encode(p_prev_hash, 'hex')));

-- The first position up to this one whose row is not as it was written, or follows neither the one before
-- nor a cut; null where all is well.
create function audit_break(p_through bigint) returns bigint
  language sql stable
  return (
    select min(c.position) from (
      select a.position, a.hash, a.prev_hash, audit_hash(a) as is, lag(a.hash) over chain as before,
        lag(a.position) over chain as place
      from audit_log a where a.position <= p_through window chain as (order by a.position)) c
    where c.hash is distinct from c.is
      or case
        when c.place is not null then c.place <> c.position - 1 or c.prev_hash is distinct from c.before
        when c.position = 1 then c.prev_hash is not null
        else audit_cut(c.position, c.prev_hash) is null
      end);

-- The same of the whole log. Where its end is gone, the first position that is missing.
create or replace function verify_audit() returns bigint
  language sql stable
  return coalesce(
    audit_break(9223372036854775807),
    (select coalesce(l.position, 0) + 1
      from audit_end e
      left join lateral (
        select a.position, a.hash from audit_log a where a.position is not null
        order by a.position desc limit 1) l on true
      where (coalesce(l.position, 0), l.hash) is distinct from (e.position, e.hash)));

-- Drops entries older than so many days, a step of them at most, and returns how many. The first that is
-- younger ends it, and the newest one stays: what follows has to follow something. An entry of its own says
-- what was cut, in the same transaction. What is not as it was written is evidence, and stays.
create function prune_audit(retention_days integer) returns bigint
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  most constant integer := 10000;
  first bigint;
  last record;
  dropped bigint;
begin
  if coalesce(retention_days, 0) < 30 then
    raise exception 'the audit log is kept for thirty days at least' using errcode = 'invalid_parameter_value';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('parley audit pruning', 0));
  select min(a.position) into first from audit_log a;
  select a.position, a.hash into last from audit_log a
  where a.position = -1 + least(
    first + most,
    (select e.position from audit_end e),
    (select y.position from audit_log y
      where y.position is not null and y.at >= now() - retention_days * interval '1 day'
      order by y.position limit 1));
  if not found then return 0; end if;
  if audit_break(last.position) is not null then
    raise exception 'the audit log is not as it was written, and nothing of it is dropped'
      using errcode = 'data_corrupted';
  end if;
  delete from audit_log where position <= last.position;
  get diagnostics dropped = row_count;
  insert into audit_log (action, detail)
  values ('audit.pruned',
    jsonb_build_object('entries', dropped, 'through', last.position, 'hash', encode(last.hash, 'hex')));
  return dropped;
end $$;
revoke execute on function prune_audit(integer) from public;
