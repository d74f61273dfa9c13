-- The servers may connect as roles that own nothing: the chat-server's writes rows and changes no schema,
-- the notify-server's reads what it tells of. What takes more is done by these functions, with the rights
-- of their owner, each for one purpose. Who may call them is granted after the migrations (core/db/roles.ts).

-- The chain of the audit log: a role that may only add to it has no way to change a row.
alter function seal_audit() security definer set search_path = public, pg_temp;
revoke execute on function seal_audit() from public;

-- The epoch of the log, which any server begins anew where the database is another one.
alter function keep_epoch() security definer set search_path = public, pg_temp;
revoke execute on function keep_epoch() from public;
alter function start_epoch() security definer set search_path = public, pg_temp;
revoke execute on function start_epoch() from public;

-- The upkeep of the log. Whoever may call it drops no day that is younger than one.
alter function make_event_partitions(integer) security definer set search_path = public, pg_temp;
revoke execute on function make_event_partitions(integer) from public;
alter function purge_deleted_chats(integer) security definer set search_path = public, pg_temp;
revoke execute on function purge_deleted_chats(integer) from public;
create or replace function drop_event_partitions(retention_days integer) returns setof text
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  name text;
  last_xid xid8;
begin
  if retention_days < 1 then
    raise exception 'events are kept for a day at least' using errcode = 'invalid_parameter_value';
  end if;
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
revoke execute on function drop_event_partitions(integer) from public;

-- Takes a ticket: it is good once.
create function take_ticket(p_hash bytea) returns setof event_tickets
  language sql security definer set search_path = public, pg_temp as $$
  delete from event_tickets where hash = p_hash and expires_at > now() returning *
$$;
revoke execute on function take_ticket(bytea) from public;

-- Forgets tickets that nobody took.
create function drop_tickets() returns void
  language sql security definer set search_path = public, pg_temp as $$
  delete from event_tickets where expires_at < now() - interval '1 hour'
$$;
revoke execute on function drop_tickets() from public;
