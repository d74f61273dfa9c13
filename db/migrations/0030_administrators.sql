-- Who administers the instance. It gives no right in any chat.
alter table users add column is_admin boolean not null default false;
create index users_admins on users (id) where is_admin;

-- The secret of a setup link, by which whoever is signed in becomes an administrator: its SHA-256, good
-- once and for an hour.
create table setup_tokens (
  hash bytea primary key check (octet_length(hash) = 32),
  expires_at timestamptz not null default now() + interval '1 hour'
);

-- What administrators chose, for all servers; null where the settings say it.
create table instance_policy (
  only_row boolean primary key default true check (only_row),
  signup text check (signup in ('open', 'invite', 'closed'))
);
insert into instance_policy default values;

-- Somebody's last use, and of all how many were there lately.
create index sessions_last_used on sessions (user_id, last_used_at);

-- Whether signing in takes more than a password.
create function has_second_factor(p_user_id bigint) returns boolean
  language sql stable
  begin atomic
    select exists (
      select from totp_secrets t where t.user_id = p_user_id and t.confirmed_at is not null);
  end;

-- Where there are administrators, one stays. They are counted behind a lock, so that of the last two,
-- who go at the same moment, one finds that the other has gone. An erased account is nobody's.
create function guard_admins() returns trigger
  language plpgsql as $$
begin
  if new.status = 'erased' then new.is_admin := false; end if;
  if old.is_admin and old.status = 'active' and not (new.is_admin and new.status = 'active') then
    perform pg_advisory_xact_lock(hashtextextended('parley administrators', 0));
    if not exists (select from users u where u.is_admin and u.status = 'active' and u.id <> new.id) then
      raise exception 'somebody has to administer the instance'
        using errcode = 'check_violation', constraint = 'users_last_admin';
    end if;
  end if;
  return new;
end $$;
create trigger users_guard_admins before update of is_admin, status on users
  for each row execute function guard_admins();

-- Whoever does it and how, the person's own clients hear of it, and the audit log notes it. Once somebody
-- administers the instance, the links that wait for somebody are worth nothing.
create function user_administered() returns trigger
  language plpgsql as $$
declare
  origin jsonb := coalesce(nullif(current_setting('parley.origin', true), '')::jsonb, '{}');
begin
  if new.status = 'erased' then return null; end if;
  if new.is_admin <> old.is_admin then
    perform append_events(array[new.id], array['AdminChanged'],
      array[jsonb_build_object('is_admin', new.is_admin)]);
    if new.is_admin then delete from setup_tokens; end if;
  end if;
  insert into audit_log (action, actor_id, session_id, network, request_id, target_kind, target_id)
  select a.action, current_actor(), (origin ->> 'session_id')::bigint, coalesce(origin ->> 'network', ''),
    coalesce(origin ->> 'request_id', ''), 'user', new.id
  from (
    select case when new.status = 'disabled' then 'account.disabled' else 'account.enabled' end as action
    where new.status <> old.status
    union all
    select case when new.is_admin then 'admin.added' else 'admin.removed' end
    where new.is_admin <> old.is_admin) a;
  return null;
end $$;
create trigger users_administered after update of is_admin, status on users
  for each row when (new.is_admin <> old.is_admin or new.status <> old.status)
  execute function user_administered();
