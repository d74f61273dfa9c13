-- Who did what that matters for security, and from where: nobody's words, names or addresses of mail.
-- Rows are only ever added. Each has a place in a chain of SHA-256 hashes, given at the end of its
-- transaction, so that what is changed or taken out later shows (verify_audit, `parley audit verify`).
create table audit_log (
  id bigint generated always as identity primary key,
  position bigint,
  at timestamptz not null default clock_timestamp(),
  action text not null,
  -- No references: an entry outlasts whom and what it names.
  actor_id bigint,
  session_id bigint,
  -- The caller's address without its last part.
  network text not null default '',
  request_id text not null default '',
  workspace_id bigint,
  target_kind text,
  target_id bigint,
  detail jsonb not null default '{}',
  prev_hash bytea,
  hash bytea
);
create unique index audit_log_position on audit_log (position);
create index audit_log_workspace on audit_log (workspace_id, position) where workspace_id is not null;
create index audit_log_actor on audit_log (actor_id, position);

-- What stands behind the hash: every column, in one spelling whatever the session's settings.
create function audit_hash(a audit_log) returns bytea
  language sql stable
  return sha256(coalesce(a.prev_hash, '\x') || convert_to(jsonb_build_array(
    a.id, a.position, extract(epoch from a.at), a.action, a.actor_id, a.session_id, a.network,
    a.request_id, a.workspace_id, a.target_kind, a.target_id, a.detail)::text, 'UTF8'));

-- Gives the new row its place. It runs when the transaction commits, so that the lock that makes one
-- chain of them is held for as short as can be, and after every other lock.
create function seal_audit() returns trigger
  language plpgsql as $$
declare
  sealed audit_log;
  last record;
begin
  perform pg_advisory_xact_lock(hashtextextended('parley audit', 0));
  select position, hash into last from audit_log where position is not null order by position desc limit 1;
  select * into sealed from audit_log where id = new.id;
  sealed.position := coalesce(last.position, 0) + 1;
  sealed.prev_hash := last.hash;
  update audit_log set position = sealed.position, prev_hash = sealed.prev_hash, hash = audit_hash(sealed)
  where id = new.id;
  return null;
end $$;

create constraint trigger audit_log_seal after insert on audit_log
  deferrable initially deferred for each row execute function seal_audit();

-- Nothing is changed, and nothing taken out before a year has gone.
create function guard_audit() returns trigger
  language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if old.hash is null and to_jsonb(new) - '{position,prev_hash,hash}'::text[]
      = to_jsonb(old) - '{position,prev_hash,hash}'::text[] then return new; end if;
  elsif tg_op = 'DELETE' then
    if old.at < now() - interval '365 days' then return old; end if;
  end if;
  raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end $$;

create trigger audit_log_guard before update or delete on audit_log
  for each row execute function guard_audit();
create trigger audit_log_guard_all before truncate on audit_log
  for each statement execute function guard_audit();

-- The first position whose row is not as it was written, or follows none; null where all is well.
create function verify_audit() returns bigint
  language sql stable
  return (
    select min(c.position) from (
      select a.position, a.hash, a.prev_hash, audit_hash(a) as is, lag(a.hash) over chain as before,
        lag(a.position) over chain as place
      from audit_log a where a.position is not null window chain as (order by a.position)) c
    where c.hash is distinct from c.is or (c.place is not null
      and (c.place <> c.position - 1 or c.prev_hash is distinct from c.before)));

-- An id in the body of an event; null where what stands there is none.
create function audit_id(p_body jsonb, p_name text) returns bigint
  language sql immutable
  return substring(p_body ->> p_name from '^[0-9]{1,16}$')::bigint;

-- What the log of events says of access, roles and moderation is audited with it, whoever did it and
-- how. `parley.origin` is set by changeAs: from where the request came.
create function audit_event() returns trigger
  language plpgsql as $$
declare
  origin jsonb := coalesce(nullif(current_setting('parley.origin', true), '')::jsonb, '{}');
  entry record;
begin
  select x.action, x.target_kind, x.target_id, x.detail into entry from (
    select
      case new.kind
        when 'SessionRevoked' then 'session.ended'
        when 'WorkspaceUpdated' then 'workspace.changed'
        when 'WorkspaceDeleted' then 'workspace.deleted'
        when 'WorkspaceMemberJoined' then 'workspace_member.added'
        when 'WorkspaceMemberLeft' then 'workspace_member.removed'
        when 'WorkspaceMemberUpdated' then 'workspace_member.role_changed'
        when 'ChatUpdated' then 'chat.changed'
        when 'ChatDeleted' then 'chat.deleted'
        when 'MemberJoined' then 'chat_member.added'
        when 'MemberLeft' then 'chat_member.removed'
        when 'MemberUpdated' then 'chat_member.role_changed'
        when 'MessageDeleted' then 'message.removed'
      end as action,
      case when new.kind = 'SessionRevoked' then 'session'
        when new.kind = 'MessageDeleted' then 'message'
        when new.kind like '%Member%' and new.body ? 'user_id' then 'user'
        when new.kind like 'Workspace%' then 'workspace'
        else 'chat' end as target_kind,
      case when new.kind = 'SessionRevoked' then audit_id(new.body, 'session_id')
        when new.kind = 'MessageDeleted' then audit_id(new.body, 'message_id')
        when new.kind like '%Member%' and new.body ? 'user_id' then audit_id(new.body, 'user_id')
        else new.topic_id end as target_id,
      -- Ids, roles and settings; never a name or a text.
      jsonb_strip_nulls(jsonb_build_object(
        'because', (select s.revoked_because from sessions s
          where new.kind = 'SessionRevoked' and s.id = audit_id(new.body, 'session_id')),
        'chat_id', case when new.kind in ('MemberUpdated', 'MessageDeleted') then new.topic_id end,
        'user_ids', coalesce(new.body -> 'user_ids',
          nullif(jsonb_path_query_array(new.body, '$.members[*].id'), '[]')),
        'sender_id', new.body -> 'sender_id',
        'role', new.body -> 'role',
        'type', new.body -> 'type',
        'history', new.body -> 'history',
        'join_policy', new.body -> 'join_policy')) as detail) x;
  insert into audit_log (action, actor_id, session_id, network, request_id, workspace_id, target_kind,
    target_id, detail)
  values (entry.action, coalesce(new.actor_id, case when new.kind = 'SessionRevoked' then new.topic_id end),
    (origin ->> 'session_id')::bigint, coalesce(origin ->> 'network', ''),
    coalesce(origin ->> 'request_id', ''),
    case when new.kind like 'Workspace%' then new.topic_id
      else (select c.workspace_id from chats c where c.id = new.topic_id) end,
    entry.target_kind, entry.target_id, entry.detail);
  return null;
end $$;

create trigger event_log_audit after insert on event_log for each row
  when (new.kind in ('SessionRevoked', 'WorkspaceUpdated', 'WorkspaceDeleted', 'WorkspaceMemberJoined',
    'WorkspaceMemberLeft', 'WorkspaceMemberUpdated', 'ChatUpdated', 'ChatDeleted', 'MemberJoined',
    'MemberLeft', 'MemberUpdated')
    or (new.kind = 'MessageDeleted' and audit_id(new.body, 'sender_id') is distinct from new.actor_id))
  execute function audit_event();
