-- What makes an event: every trigger there is. A change and its event are one transaction, so
-- whoever changes a row, by hand in psql too, reaches the streams of those who may see it.

-- The bell carries no content: it only says that there is something to read. Identical ones of a
-- transaction collapse into one. With Redis the servers turn it off and publish after the commit.
create function ring_bell() returns void
  language plpgsql as $$
begin
  if current_setting('parley.bell', true) is distinct from 'off' then
    perform pg_notify('bell', '');
  end if;
end $$;

-- The user on whose behalf the transaction runs, where the server said so.
create function current_actor() returns bigint
  language sql stable
  return nullif(current_setting('parley.actor', true), '')::bigint;

-- The seq that the topic's next event will have. Locks the topic to the end of the transaction, so
-- the answer stays true in it.
create function next_seq(p_topic_id bigint) returns bigint
  language plpgsql as $$
declare
  seq bigint;
begin
  select last_seq + 1 into strict seq from topics where id = p_topic_id for no key update;
  return seq;
end $$;

-- Locks topics in the order of their ids, which is what keeps transactions that change several of
-- them from waiting for each other.
create function lock_topics(p_ids bigint[]) returns void
  language sql
  begin atomic
    select 1 from topics where id = any (p_ids) order by id for no key update;
  end;

-- Appends events, the n-th of each array being one, in that order. The row lock on the topic is
-- held to the commit and a rollback undoes the bump: that is why seq has no gap.
create function append_events(p_topic_ids bigint[], p_kinds text[], p_bodies jsonb[]) returns void
  language plpgsql as $$
declare
  appended bigint;
begin
  if cardinality(p_topic_ids) = 0 then return; end if;
  perform lock_topics(p_topic_ids);
  with input as (
    select * from unnest(p_topic_ids, p_kinds, p_bodies) with ordinality i (topic_id, kind, body, n)
  ), bumped as (
    update topics t set last_seq = t.last_seq + c.events
    from (select topic_id, count(*) as events from input group by topic_id) c
    where t.id = c.topic_id
    returning t.id, t.last_seq - c.events as base
  )
  insert into event_log (topic_id, seq, kind, actor_id, body)
  select i.topic_id, b.base + row_number() over (partition by i.topic_id order by i.n), i.kind,
    current_actor(), i.body
  from input i join bumped b on b.id = i.topic_id
  order by i.n;
  get diagnostics appended = row_count;
  if appended <> cardinality(p_topic_ids) then
    raise exception 'an event names a topic that does not exist';
  end if;
  perform ring_bell();
end $$;

-- What everybody may know of a person.
create function user_json(u users) returns jsonb
  language sql stable
  return jsonb_build_object('id', u.id, 'username', u.username);

create function users_json(p_ids bigint[]) returns jsonb
  language sql stable
  return coalesce((select jsonb_agg(user_json(u) order by u.id) from users u where u.id = any (p_ids)), '[]');

-- A message as the API shows it.
create function message_json(m messages) returns jsonb
  language sql stable
  return jsonb_build_object('id', m.id, 'chat_id', m.chat_id, 'seq', m.seq, 'sender_id', m.sender_id,
    'content', m.content, 'files', '[]'::jsonb, 'nonce', m.nonce, 'reply_to', m.reply_to,
    'mentions', to_jsonb(m.mentions), 'reactions', '[]'::jsonb, 'edited_at', rfc3339(m.edited_at),
    'deleted_at', rfc3339(m.deleted_at), 'created_at', rfc3339(m.created_at));

-- Users, workspaces, chats: each new one is a topic ---------------------------------------------

create function make_topics() returns trigger
  language plpgsql as $$
begin
  insert into topics (id, kind) select id, tg_argv[0] from new_rows;
  return null;
end $$;

create trigger users_topics after insert on users referencing new table as new_rows
  for each statement execute function make_topics('user');
create trigger workspaces_topics after insert on workspaces referencing new table as new_rows
  for each statement execute function make_topics('workspace');
create trigger chats_topics after insert on chats referencing new table as new_rows
  for each statement execute function make_topics('chat');

-- A new name goes to the person's own devices, workspaces, and chats outside of workspaces.
create function users_changed() returns trigger
  language plpgsql as $$
declare
  topic_ids bigint[];
  bodies jsonb[];
begin
  select array_agg(t.id order by t.id), array_agg(jsonb_build_object('user', user_json(n::users)) order by t.id)
  into topic_ids, bodies
  from new_rows n join old_rows o on o.id = n.id and o.username <> n.username
  cross join lateral (
    select n.id
    union all
    select m.workspace_id from workspace_members m
    join workspaces w on w.id = m.workspace_id and w.deleted_at is null
    where m.user_id = n.id and m.left_seq is null
    union all
    select m.chat_id from chat_members m
    join chats c on c.id = m.chat_id and c.workspace_id is null and c.deleted_at is null
    where m.user_id = n.id and m.left_seq is null
  ) t (id);
  if topic_ids is not null then
    perform append_events(topic_ids, array_fill('UserUpdated'::text, array[cardinality(topic_ids)]), bodies);
  end if;

  -- Whoever is disabled is signed out everywhere.
  update sessions s set revoked_at = now(), revoked_because = 'account disabled'
  from new_rows n join old_rows o on o.id = n.id
  where n.status = 'disabled' and o.status <> 'disabled' and s.user_id = n.id and s.revoked_at is null;
  return null;
end $$;

create trigger users_changed after update on users
  referencing old table as old_rows new table as new_rows
  for each statement execute function users_changed();

-- A revoked session ends its streams, on whichever server they are.
create function sessions_changed() returns trigger
  language plpgsql as $$
begin
  perform append_events(array_agg(n.user_id order by n.id), array_agg('SessionRevoked'::text),
    array_agg(jsonb_build_object('session_id', n.id) order by n.id))
  from new_rows n join old_rows o on o.id = n.id
  where o.revoked_at is null and n.revoked_at is not null
  having count(*) > 0;
  return null;
end $$;

create trigger sessions_changed after update on sessions
  referencing old table as old_rows new table as new_rows
  for each statement execute function sessions_changed();

-- Workspaces ------------------------------------------------------------------------------------

create function workspaces_changed() returns trigger
  language plpgsql as $$
begin
  perform append_events(array_agg(n.id order by n.id), array_agg('WorkspaceUpdated'::text),
    array_agg(jsonb_build_object('workspace_id', n.id, 'name', n.name, 'join_policy', n.join_policy) order by n.id))
  from new_rows n join old_rows o on o.id = n.id
  where n.deleted_at is null and (n.name, n.join_policy) is distinct from (o.name, o.join_policy)
  having count(*) > 0;

  if exists (select from new_rows n join old_rows o on o.id = n.id
      where n.deleted_at is not null and o.deleted_at is null) then
    update chats c set deleted_at = n.deleted_at
    from new_rows n join old_rows o on o.id = n.id
    where n.deleted_at is not null and o.deleted_at is null
      and c.workspace_id = n.id and c.deleted_at is null;
    perform append_events(array_agg(n.id order by n.id), array_agg('WorkspaceDeleted'::text),
      array_agg(jsonb_build_object('workspace_id', n.id) order by n.id))
    from new_rows n join old_rows o on o.id = n.id
    where n.deleted_at is not null and o.deleted_at is null;
  end if;
  return null;
end $$;

create trigger workspaces_changed after update on workspaces
  referencing old table as old_rows new table as new_rows
  for each statement execute function workspaces_changed();

-- A deleted workspace or chat stays as a tombstone: those who are away must still learn of it.
create function bury() returns trigger
  language plpgsql as $$
begin
  execute format('update %I set deleted_at = now() where id = $1 and deleted_at is null', tg_table_name)
    using old.id;
  return null;
end $$;

create trigger workspaces_bury before delete on workspaces for each row execute function bury();
create trigger chats_bury before delete on chats for each row execute function bury();

-- Memberships open at the topic's next seq, and what was read begins there.
create function open_workspace_membership() returns trigger
  language plpgsql as $$
begin
  new.joined_seq := next_seq(new.workspace_id);
  return new;
end $$;

create trigger workspace_members_open before insert on workspace_members
  for each row execute function open_workspace_membership();

-- A deleted membership is a closed one.
create function close_workspace_membership() returns trigger
  language plpgsql as $$
begin
  update workspace_members set left_seq = next_seq(workspace_id)
  where workspace_id = old.workspace_id and user_id = old.user_id and left_seq is null and old.left_seq is null;
  return null;
end $$;

create trigger workspace_members_close before delete on workspace_members
  for each row execute function close_workspace_membership();

-- Up to 100 people go into one event, so that no event grows with the statement.
create function workspace_members_joined() returns trigger
  language plpgsql as $$
begin
  perform lock_topics(array(select workspace_id from new_rows union select user_id from new_rows));
  update workspaces w set member_count = w.member_count + n.members
  from (select workspace_id, count(*) as members from new_rows group by 1) n
  where w.id = n.workspace_id;

  perform append_events(array_agg(e.workspace_id order by e.workspace_id, e.part),
    array_agg('WorkspaceMemberJoined'::text),
    array_agg(jsonb_build_object('workspace_id', e.workspace_id, 'members', e.members,
      'member_count', w.member_count) order by e.workspace_id, e.part))
  from (
    select n.workspace_id, n.part,
      jsonb_agg(user_json(u) || jsonb_build_object('role', n.role) order by u.id) as members
    from (
      select workspace_id, user_id, role,
        (row_number() over (partition by workspace_id order by user_id) - 1) / 100 as part
      from new_rows
    ) n join users u on u.id = n.user_id
    group by 1, 2
  ) e join workspaces w on w.id = e.workspace_id
  having count(*) > 0;

  perform append_events(array_agg(n.user_id order by n.user_id, n.workspace_id),
    array_agg('AddToWorkspace'::text),
    array_agg(jsonb_build_object('workspace', to_jsonb(v) - 'member_id', 'last_seq', t.last_seq)
      order by n.user_id, n.workspace_id))
  from new_rows n
  -- OFFSET 0: one look-up per new member, whatever a planner without statistics would prefer.
  cross join lateral (
    select * from member_workspaces v where v.member_id = n.user_id and v.id = n.workspace_id offset 0
  ) v
  join topics t on t.id = n.workspace_id
  having count(*) > 0;
  return null;
end $$;

create trigger workspace_members_joined after insert on workspace_members
  referencing new table as new_rows
  for each statement execute function workspace_members_joined();

create function workspace_members_changed() returns trigger
  language plpgsql as $$
begin
  if exists (select from new_rows n join old_rows o using (workspace_id, user_id, joined_seq)
      where o.left_seq is null and n.left_seq is not null) then
    -- Whoever leaves the workspace leaves all its channels in the same transaction.
    perform lock_topics(array(
      select workspace_id from new_rows union select user_id from new_rows union
      select m.chat_id from chat_members m join chats c on c.id = m.chat_id
      join new_rows n on n.workspace_id = c.workspace_id and n.user_id = m.user_id
      where m.left_seq is null and n.left_seq is not null));
    update chat_members m set left_seq = next_seq(m.chat_id)
    from chats c, new_rows n join old_rows o using (workspace_id, user_id, joined_seq)
    where o.left_seq is null and n.left_seq is not null and c.workspace_id = n.workspace_id
      and m.chat_id = c.id and m.user_id = n.user_id and m.left_seq is null;

    if exists (select from new_rows n join old_rows o using (workspace_id, user_id, joined_seq)
        join topics t on t.id = n.workspace_id
        where o.left_seq is null and n.left_seq <> t.last_seq + 1) then
      raise exception 'a membership closes with left_seq = next_seq(workspace_id)';
    end if;
    update workspaces w set member_count = w.member_count - l.members
    from (
      select n.workspace_id, count(*) as members
      from new_rows n join old_rows o using (workspace_id, user_id, joined_seq)
      where o.left_seq is null and n.left_seq is not null group by 1
    ) l where w.id = l.workspace_id;
    perform append_events(array_agg(e.workspace_id order by e.workspace_id, e.part),
      array_agg('WorkspaceMemberLeft'::text),
      array_agg(jsonb_build_object('workspace_id', e.workspace_id, 'user_ids', e.user_ids,
        'member_count', w.member_count) order by e.workspace_id, e.part))
    from (
      select l.workspace_id, l.part, jsonb_agg(l.user_id order by l.user_id) as user_ids
      from (
        select workspace_id, user_id,
          (row_number() over (partition by workspace_id order by user_id) - 1) / 100 as part
        from new_rows n join old_rows o using (workspace_id, user_id, joined_seq)
        where o.left_seq is null and n.left_seq is not null
      ) l group by 1, 2
    ) e join workspaces w on w.id = e.workspace_id
    having count(*) > 0;
    perform append_events(array_agg(user_id order by user_id, workspace_id),
      array_agg('RemoveFromWorkspace'::text),
      array_agg(jsonb_build_object('workspace_id', workspace_id) order by user_id, workspace_id))
    from new_rows n join old_rows o using (workspace_id, user_id, joined_seq)
    where o.left_seq is null and n.left_seq is not null
    having count(*) > 0;
  end if;

  perform append_events(array_agg(workspace_id order by workspace_id, user_id),
    array_agg('WorkspaceMemberUpdated'::text),
    array_agg(jsonb_build_object('workspace_id', workspace_id, 'user_id', user_id, 'role', n.role)
      order by workspace_id, user_id))
  from new_rows n join old_rows o using (workspace_id, user_id, joined_seq)
  where n.left_seq is null and n.role <> o.role
  having count(*) > 0;
  return null;
end $$;

create trigger workspace_members_changed after update on workspace_members
  referencing old table as old_rows new table as new_rows
  for each statement execute function workspace_members_changed();

-- Chats -----------------------------------------------------------------------------------------

create function chats_changed() returns trigger
  language plpgsql as $$
begin
  perform append_events(array_agg(n.id order by n.id), array_agg('ChatUpdated'::text),
    array_agg(jsonb_build_object('chat_id', n.id, 'type', n.type, 'name', n.name,
      'description', n.description, 'history', n.history) order by n.id))
  from new_rows n join old_rows o on o.id = n.id
  where n.deleted_at is null
    and (n.type, n.name, n.description, n.history) is distinct from (o.type, o.name, o.description, o.history)
  having count(*) > 0;

  perform append_events(array_agg(n.id order by n.id), array_agg('ChatDeleted'::text),
    array_agg(jsonb_build_object('chat_id', n.id) order by n.id))
  from new_rows n join old_rows o on o.id = n.id
  where n.deleted_at is not null and o.deleted_at is null
  having count(*) > 0;
  return null;
end $$;

create trigger chats_changed after update on chats
  referencing old table as old_rows new table as new_rows
  for each statement execute function chats_changed();

create function open_chat_membership() returns trigger
  language plpgsql as $$
begin
  new.joined_seq := next_seq(new.chat_id);
  new.read_seq := new.joined_seq;
  return new;
end $$;

create trigger chat_members_open before insert on chat_members
  for each row execute function open_chat_membership();

create function close_chat_membership() returns trigger
  language plpgsql as $$
begin
  update chat_members set left_seq = next_seq(chat_id)
  where chat_id = old.chat_id and user_id = old.user_id and left_seq is null and old.left_seq is null;
  return null;
end $$;

create trigger chat_members_close before delete on chat_members
  for each row execute function close_chat_membership();

-- Those who join get the chat as they see it, on their own topic: NewChat when they came with its
-- first event, AddToChat later. Those who are in it already get MemberJoined.
create function chat_members_joined() returns trigger
  language plpgsql as $$
declare
  founded bigint[];
begin
  perform lock_topics(array(select chat_id from new_rows union select user_id from new_rows));
  select coalesce(array_agg(t.id), '{}') into founded from topics t
  where t.id in (select chat_id from new_rows) and t.last_seq = 0;
  update chats c set member_count = c.member_count + n.members
  from (select chat_id, count(*) as members from new_rows group by 1) n
  where c.id = n.chat_id;

  perform append_events(array_agg(e.chat_id order by e.chat_id, e.part), array_agg('MemberJoined'::text),
    array_agg(jsonb_build_object('chat_id', e.chat_id, 'members', e.members, 'member_count', c.member_count,
      'users', to_jsonb(listed_members(c.id, c.member_count))) order by e.chat_id, e.part))
  from (
    select n.chat_id, n.part,
      jsonb_agg(user_json(u) || jsonb_build_object('role', n.role) order by u.id) as members
    from (
      select chat_id, user_id, role,
        (row_number() over (partition by chat_id order by user_id) - 1) / 100 as part
      from new_rows
    ) n join users u on u.id = n.user_id
    group by 1, 2
  ) e join chats c on c.id = e.chat_id
  having count(*) > 0;

  perform append_events(array_agg(n.user_id order by n.user_id, n.chat_id),
    array_agg(case when n.chat_id = any (founded) then 'NewChat' else 'AddToChat' end
      order by n.user_id, n.chat_id),
    array_agg(jsonb_build_object('chat', to_jsonb(v) - 'member_id', 'users', p.people)
      order by n.user_id, n.chat_id))
  from new_rows n
  cross join lateral (
    select * from member_chats v where v.member_id = n.user_id and v.id = n.chat_id offset 0
  ) v
  join (
    select c.id, users_json(listed_members(c.id, c.member_count)) as people
    from chats c where c.id in (select chat_id from new_rows)
  ) p on p.id = n.chat_id
  having count(*) > 0;
  return null;
end $$;

create trigger chat_members_joined after insert on chat_members
  referencing new table as new_rows
  for each statement execute function chat_members_joined();

create function chat_members_changed() returns trigger
  language plpgsql as $$
begin
  if exists (select from new_rows n join old_rows o using (chat_id, user_id, joined_seq)
      where o.left_seq is null and n.left_seq is not null) then
    perform lock_topics(array(select chat_id from new_rows union select user_id from new_rows));
    if exists (select from new_rows n join old_rows o using (chat_id, user_id, joined_seq)
        join topics t on t.id = n.chat_id
        where o.left_seq is null and n.left_seq <> t.last_seq + 1) then
      raise exception 'a membership closes with left_seq = next_seq(chat_id)';
    end if;
    update chats c set member_count = c.member_count - l.members
    from (
      select chat_id, count(*) as members
      from new_rows n join old_rows o using (chat_id, user_id, joined_seq)
      where o.left_seq is null and n.left_seq is not null group by 1
    ) l where c.id = l.chat_id;
    perform append_events(array_agg(e.chat_id order by e.chat_id, e.part), array_agg('MemberLeft'::text),
      array_agg(jsonb_build_object('chat_id', e.chat_id, 'user_ids', e.user_ids,
        'member_count', c.member_count, 'users', to_jsonb(listed_members(c.id, c.member_count)))
        order by e.chat_id, e.part))
    from (
      select l.chat_id, l.part, jsonb_agg(l.user_id order by l.user_id) as user_ids
      from (
        select chat_id, user_id,
          (row_number() over (partition by chat_id order by user_id) - 1) / 100 as part
        from new_rows n join old_rows o using (chat_id, user_id, joined_seq)
        where o.left_seq is null and n.left_seq is not null
      ) l group by 1, 2
    ) e join chats c on c.id = e.chat_id
    having count(*) > 0;
    perform append_events(array_agg(user_id order by user_id, chat_id), array_agg('RemoveFromChat'::text),
      array_agg(jsonb_build_object('chat_id', chat_id) order by user_id, chat_id))
    from new_rows n join old_rows o using (chat_id, user_id, joined_seq)
    where o.left_seq is null and n.left_seq is not null
    having count(*) > 0;

    -- Where no owner is left, the longest-standing admin follows, or else the longest-standing member.
    update chat_members m set role = 'owner'
    from chats c cross join lateral (
      select s.user_id, s.joined_seq from chat_members s
      where s.chat_id = c.id and s.left_seq is null order by s.role, s.joined_seq, s.user_id limit 1
    ) heir
    where c.id in (select chat_id from new_rows) and c.type <> 'single' and c.deleted_at is null
      and not exists (select from chat_members o where o.chat_id = c.id and o.role = 'owner' and o.left_seq is null)
      and m.chat_id = c.id and m.user_id = heir.user_id and m.joined_seq = heir.joined_seq;
  end if;

  perform append_events(array_agg(chat_id order by chat_id, user_id), array_agg('MemberUpdated'::text),
    array_agg(jsonb_build_object('chat_id', chat_id, 'user_id', user_id, 'role', n.role)
      order by chat_id, user_id))
  from new_rows n join old_rows o using (chat_id, user_id, joined_seq)
  where n.left_seq is null and n.role <> o.role
  having count(*) > 0;

  perform append_events(array_agg(user_id order by user_id, chat_id), array_agg('NotificationChanged'::text),
    array_agg(jsonb_build_object('chat_id', chat_id, 'notification', n.notification)
      order by user_id, chat_id))
  from new_rows n join old_rows o using (chat_id, user_id, joined_seq)
  where n.left_seq is null and n.notification <> o.notification
  having count(*) > 0;

  -- last_seq says up to where the counts looked: a client adds what it has beyond it.
  perform append_events(array_agg(user_id order by user_id, chat_id), array_agg('ReadMarkerMoved'::text),
    array_agg(jsonb_build_object('chat_id', chat_id, 'read_seq', n.read_seq,
      'unread_count', unread_count(user_id, chat_id, n.read_seq),
      'mention_count', mention_count(user_id, chat_id, n.read_seq), 'last_seq', t.last_seq)
      order by user_id, chat_id))
  from new_rows n join old_rows o using (chat_id, user_id, joined_seq)
  join topics t on t.id = n.chat_id
  where n.left_seq is null and n.read_seq <> o.read_seq
  having count(*) > 0;
  return null;
end $$;

create trigger chat_members_changed after update on chat_members
  referencing old table as old_rows new table as new_rows
  for each statement execute function chat_members_changed();

-- Messages --------------------------------------------------------------------------------------

-- A message inserted by hand takes its chat's next seq; send_messages brings it along.
create function number_message() returns trigger
  language plpgsql as $$
begin
  update topics set last_seq = last_seq + 1 where id = new.chat_id returning last_seq into strict new.seq;
  return new;
end $$;

create trigger messages_number before insert on messages
  for each row when (new.seq is null) execute function number_message();

create function messages_sent() returns trigger
  language plpgsql as $$
begin
  insert into event_log (topic_id, seq, kind, actor_id, body)
  select n.chat_id, n.seq, 'NewMessage', n.sender_id,
    jsonb_build_object('message', message_json(n::messages))
  from new_rows n order by n.chat_id, n.seq;
  insert into message_mentions (user_id, chat_id, seq)
  select distinct u, n.chat_id, n.seq from new_rows n cross join unnest(n.mentions) u
  where n.mentions <> '{}' and u <> n.sender_id;
  perform ring_bell();
  return null;
end $$;

create trigger messages_sent after insert on messages referencing new table as new_rows
  for each statement execute function messages_sent();

-- An edit or a deletion takes the chat's next seq for its event; a deletion leaves nothing to read.
create function change_message() returns trigger
  language plpgsql as $$
begin
  if (new.id, new.chat_id, new.seq, new.sender_id) is distinct from (old.id, old.chat_id, old.seq, old.sender_id) then
    raise exception 'a message keeps its id, chat, seq and sender';
  end if;
  if old.deleted_at is not null then return null; end if;
  if new.deleted_at is not null then
    new.content := '';
    new.mentions := '{}';
  elsif (new.content, new.mentions) is distinct from (old.content, old.mentions) then
    new.edited_at := clock_timestamp();
  else
    return null;
  end if;
  new.event_seqs := old.event_seqs || next_seq(new.chat_id);
  update topics set last_seq = last_seq + 1 where id = new.chat_id;
  return new;
end $$;

create trigger messages_change before update on messages
  for each row execute function change_message();

create function messages_changed() returns trigger
  language plpgsql as $$
begin
  insert into event_log (topic_id, seq, kind, actor_id, body)
  select n.chat_id, n.event_seqs[cardinality(n.event_seqs)],
    case when n.deleted_at is null then 'MessageUpdated' else 'MessageDeleted' end,
    coalesce(current_actor(), n.sender_id),
    case when n.deleted_at is null
      then jsonb_build_object('message', message_json(n::messages), 'mentions_before', to_jsonb(o.mentions),
        'since_join', c.history = 'since_join')
      else jsonb_build_object('chat_id', n.chat_id, 'message_id', n.id, 'message_seq', n.seq,
        'sender_id', n.sender_id, 'mentions', to_jsonb(o.mentions), 'deleted_at', rfc3339(n.deleted_at))
    end
  from new_rows n join old_rows o on o.id = n.id join chats c on c.id = n.chat_id
  order by n.chat_id, n.event_seqs[cardinality(n.event_seqs)];

  delete from message_mentions m using new_rows n where m.chat_id = n.chat_id and m.seq = n.seq;
  insert into message_mentions (user_id, chat_id, seq)
  select distinct u, n.chat_id, n.seq from new_rows n cross join unnest(n.mentions) u
  where u <> n.sender_id;

  -- What was deleted is gone from the log too. Whom it mentioned stays: who is away still has to
  -- take those out of their counts one by one.
  update event_log l set body = jsonb_set(jsonb_set(l.body, '{message,content}', '""'),
    '{message,deleted_at}', to_jsonb(rfc3339(n.deleted_at)))
  from new_rows n
  where n.deleted_at is not null and l.topic_id = n.chat_id and l.seq = any (n.seq || n.event_seqs)
    and l.kind in ('NewMessage', 'MessageUpdated');
  perform ring_bell();
  return null;
end $$;

create trigger messages_changed after update on messages
  referencing old table as old_rows new table as new_rows
  for each statement execute function messages_changed();

-- A message deleted by hand becomes a tombstone, unless its whole chat is gone.
create function bury_message() returns trigger
  language plpgsql as $$
begin
  if exists (select from chats where id = old.chat_id and deleted_at is not null) then return old; end if;
  update messages set deleted_at = now() where id = old.id;
  return null;
end $$;

create trigger messages_bury before delete on messages for each row execute function bury_message();

-- Removes what deleted chats held, a bounded number of messages at a time, from the messages and
-- from the log. Returns how many messages went; 0 when nothing is left.
create function purge_deleted_chats(p_limit integer) returns integer
  language plpgsql as $$
declare
  purged integer;
begin
  with doomed as (
    select m.id, m.chat_id, m.seq, m.event_seqs from messages m
    where m.chat_id in (select id from chats where deleted_at is not null) limit p_limit
  ), erased as (
    delete from event_log l using doomed d
    where l.topic_id = d.chat_id and l.seq = any (d.seq || d.event_seqs)
  ), forgotten as (
    delete from message_mentions m using doomed d where m.chat_id = d.chat_id and m.seq = d.seq
  )
  delete from messages m using doomed d where m.id = d.id;
  get diagnostics purged = row_count;
  return purged;
end $$;
