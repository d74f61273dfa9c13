-- The chat-servers read which sessions ended lately, each second and whenever the bell rings. Few rows
-- of the log are of this kind, so the index costs the others nothing.
create index event_log_revoked on event_log (at) where kind = 'SessionRevoked';

-- A session that is removed is one that ended: its streams too, and its tokens on every server.
create function sessions_removed() returns trigger
  language plpgsql as $$
begin
  perform append_events(array_agg(o.user_id order by o.id), array_agg('SessionRevoked'::text),
    array_agg(jsonb_build_object('session_id', o.id) order by o.id))
  from old_rows o
  where o.revoked_at is null and o.expires_at > now()
  having count(*) > 0;
  return null;
end $$;

create trigger sessions_removed after delete on sessions referencing old table as old_rows
  for each statement execute function sessions_removed();
