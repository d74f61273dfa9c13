-- Who runs the instance, and who owns a workspace, may ask for a second factor of everybody there.
alter table instance_policy add column requires_second_factor boolean not null default false;
alter table workspaces add column requires_second_factor boolean not null default false;

-- Whether the session began at the OpenID provider, which answers for how people prove who they are.
alter table sessions add column by_provider boolean not null default false;

-- Whether anything that somebody belongs to asks for one of them.
create function second_factor_required(p_user_id bigint) returns boolean
  language sql stable
  begin atomic
    select exists (select from instance_policy p where p.requires_second_factor)
      or exists (
        select from workspace_members m
        join workspaces w on w.id = m.workspace_id and w.deleted_at is null and w.requires_second_factor
        where m.user_id = p_user_id and m.left_seq is null);
  end;

-- Whether a sign-in by the password asks for more. Having a passkey changes nothing about that, but where a
-- second factor is required.
create function asks_second_factor(p_user_id bigint) returns boolean
  language sql stable
  begin atomic
    select has_second_factor(p_user_id)
      or (exists (select from passkeys k where k.user_id = p_user_id)
        and second_factor_required(p_user_id));
  end;

-- Whether whoever has the session has to set one up before all else, an app or a passkey.
create function second_factor_due(p_session_id bigint) returns boolean
  language sql stable
  begin atomic
    select exists (
      select from sessions s
      where s.id = p_session_id and not s.by_provider
        and not has_second_factor(s.user_id)
        and not exists (select from passkeys k where k.user_id = s.user_id)
        and second_factor_required(s.user_id));
  end;

-- Whoever is signed in without one when a rule begins to count signs in anew: their tokens and streams end
-- as with any session that ends. Those that nobody used in the last half hour have neither, and go on to the
-- setup with their next token; so do those beyond what one statement ends in good time.
create function end_sessions_due(p_user_ids bigint[]) returns void
  language sql
  begin atomic
    update sessions s set revoked_at = now(), revoked_because = 'second factor required'
    where s.id in (
      select d.id from sessions d
      where d.revoked_at is null and d.last_used_at > now() - interval '30 minutes'
        and (p_user_ids is null or d.user_id = any (p_user_ids)) and second_factor_due(d.id)
      order by d.last_used_at desc limit 10000);
  end;

create function instance_requires_second_factor() returns trigger
  language plpgsql as $$
begin
  perform end_sessions_due(null);
  return null;
end $$;
create trigger instance_policy_second_factor after update of requires_second_factor on instance_policy
  for each row when (new.requires_second_factor and not old.requires_second_factor)
  execute function instance_requires_second_factor();

create function workspace_requires_second_factor() returns trigger
  language plpgsql as $$
begin
  perform end_sessions_due(array(
    select m.user_id from workspace_members m where m.workspace_id = new.id and m.left_seq is null));
  return null;
end $$;
create trigger workspaces_second_factor after update of requires_second_factor on workspaces
  for each row when (new.requires_second_factor and not old.requires_second_factor)
  execute function workspace_requires_second_factor();
