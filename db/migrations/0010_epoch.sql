-- For which database the epoch was made. What differs when the log has another past:
--   system_identifier  the cluster: a dump that was restored in another one. The xids in its log are
--                      those of the old cluster and mean nothing here.
--   timeline           a replica that was promoted, a recovery to a point in time.
--   made_as            the database and the table in it: a dump that was restored in the same cluster.
-- All are null until the first server looks: nothing was handed out before.
alter table log_meta
  add column system_identifier text,
  add column timeline text,
  add column made_as text;

-- What these are now. A managed server that keeps one of them to itself is taken for unchanged.
create function log_identity(out system_identifier text, out timeline text, out made_as text)
  language plpgsql stable as $$
begin
  made_as := (select d.oid::text from pg_database d where d.datname = current_database())
    || '/' || ('log_meta'::regclass::oid)::text;
  begin
    system_identifier := (select c.system_identifier from pg_control_system() c);
    timeline := left(pg_walfile_name(pg_current_wal_lsn()), 8);
  exception when insufficient_privilege or feature_not_supported then
    null;
  end;
end $$;

-- Starts a new epoch: every cursor that was given out leads to a new bootstrap.
create function start_epoch() returns text
  language plpgsql as $$
declare
  started text;
begin
  update log_meta set epoch = left(replace(gen_random_uuid()::text, '-', ''), 8)
  returning epoch into started;
  return started;
end $$;

-- Starts a new epoch where this is not the database that the present one was made for. Called by each
-- server on each connection that it follows the log by: a connection does not outlive such a change,
-- because a server learns of it only as it starts or is promoted, and a standby is not followed.
create function keep_epoch() returns text
  language plpgsql as $$
declare
  known log_meta;
  here record;
begin
  select * into here from log_identity();
  select * into known from log_meta;
  here.system_identifier := coalesce(here.system_identifier, known.system_identifier);
  here.timeline := coalesce(here.timeline, known.timeline);
  if (known.system_identifier, known.timeline, known.made_as)
    is not distinct from (here.system_identifier, here.timeline, here.made_as) then
    return known.epoch;
  end if;
  -- Of servers that notice together the first one does it; the others find it done.
  perform pg_advisory_xact_lock(hashtext('parley epoch'));
  select * into known from log_meta for update;
  if known.system_identifier <> here.system_identifier then
    -- No server of this cluster gave these xids out: what it takes for past or future is chance.
    truncate event_log;
    update log_meta set dropped_through = '0';
  end if;
  if known.system_identifier <> here.system_identifier or known.timeline <> here.timeline
    or known.made_as <> here.made_as then
    known.epoch := start_epoch();
  end if;
  update log_meta set system_identifier = here.system_identifier, timeline = here.timeline,
    made_as = here.made_as;
  return known.epoch;
end $$;
