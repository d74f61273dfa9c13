-- Corrections of functions from 0006 to 0008. Those files may have been applied somewhere, so they stay
-- as they are; what replaces a function says the whole of it.

-- Where a person's new name is told: to their own devices, workspaces, and chats outside of workspaces.
create function topics_naming(p_user_ids bigint[]) returns table (topic_id bigint, user_id bigint)
  language sql stable
  begin atomic
    select u, u from unnest(p_user_ids) u
    union all
    select m.workspace_id, m.user_id from workspace_members m
    join workspaces w on w.id = m.workspace_id and w.deleted_at is null
    where m.user_id = any (p_user_ids) and m.left_seq is null
    union all
    select m.chat_id, m.user_id from chat_members m
    join chats c on c.id = m.chat_id and c.workspace_id is null and c.deleted_at is null
    where m.user_id = any (p_user_ids) and m.left_seq is null;
  end;

-- Where they are is asked again once everything is locked: meanwhile somebody may have brought them
-- into a chat, by the old name, and a workspace may have had its last event.
create or replace function users_changed() returns trigger
  language plpgsql as $$
declare
  renamed bigint[];
begin
  select array_agg(n.id) into renamed
  from new_rows n join old_rows o on o.id = n.id and o.username <> n.username;
  if renamed is not null then
    perform lock_topics(array(select topic_id from topics_naming(renamed)));
    perform append_events(array_agg(t.topic_id order by t.topic_id, u.id),
      array_agg('UserUpdated'::text),
      array_agg(jsonb_build_object('user', user_json(u)) order by t.topic_id, u.id))
    from topics_naming(renamed) t join users u on u.id = t.user_id;
  end if;

  -- Whoever is disabled is signed out everywhere.
  update sessions s set revoked_at = now(), revoked_because = 'account disabled'
  from new_rows n join old_rows o on o.id = n.id
  where n.status = 'disabled' and o.status <> 'disabled' and s.user_id = n.id and s.revoked_at is null;
  return null;
end $$;

-- Whoever leaves a workspace leaves its channels: those that are not deleted, which have had their last
-- event.
create or replace function workspace_members_changed() returns trigger
  language plpgsql as $$
begin
  if exists (select from new_rows n join old_rows o using (workspace_id, user_id, joined_seq)
      where o.left_seq is null and n.left_seq is not null) then
    -- Whoever leaves the workspace leaves all its channels in the same transaction. A deleted one has
    -- had its last event.
    perform lock_topics(array(
      select workspace_id from new_rows union select user_id from new_rows union
      select m.chat_id from chat_members m join chats c on c.id = m.chat_id
      join new_rows n on n.workspace_id = c.workspace_id and n.user_id = m.user_id
      where m.left_seq is null and n.left_seq is not null and c.deleted_at is null));
    update chat_members m set left_seq = next_seq(m.chat_id)
    from chats c, new_rows n join old_rows o using (workspace_id, user_id, joined_seq)
    where o.left_seq is null and n.left_seq is not null and c.workspace_id = n.workspace_id
      and c.deleted_at is null and m.chat_id = c.id and m.user_id = n.user_id and m.left_seq is null;

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

-- Sends messages, the n-th of each array being one. p_mentions holds the names mentioned, separated
-- by spaces. Each row is authorised on its own and one bad row never fails its neighbours. Returns a
-- row for each: created; known (the sender used this nonce in this chat before: the message is the
-- first one); not_member; or no_reply (what it replies to is not in this chat, or not for the sender to
-- read).
--
-- Locks come first and in the order of ids. Every statement of a READ COMMITTED function sees what
-- was committed before it began, so the look for a known nonce, after the locks, misses none; in a
-- single statement it would look at a snapshot older than the locks. A chat that somebody else keeps
-- locked ends the call after p_lock_timeout_ms (0: never), so that one chat cannot hold up all.
--
-- OFFSET 0 makes each look-up one of its own: a generic plan made before there are statistics would
-- read all members of a chat, which takes a second where they are 100,000.
create or replace function send_messages(
  p_chat_ids bigint[], p_sender_ids bigint[], p_contents text[], p_nonces text[],
  p_reply_tos bigint[], p_mentions text[], p_lock_timeout_ms integer default 0
) returns table (n integer, outcome text, message messages)
  language plpgsql as $$
begin
  perform set_config('lock_timeout', p_lock_timeout_ms::text, true);
  perform lock_topics(p_chat_ids);
  return query
  with input as (
    select i.n::integer, i.chat_id, i.sender_id, i.content, i.nonce, i.reply_to, i.names
    from unnest(p_chat_ids, p_sender_ids, p_contents, p_nonces, p_reply_tos, p_mentions)
      with ordinality i (chat_id, sender_id, content, nonce, reply_to, names, n)
  ), judged as (
    select i.*, k.known, case
      when m.history is null then 'not_member'
      when k.id is not null then 'known'
      when i.reply_to is not null and not exists (
        select from messages r where r.id = i.reply_to and r.chat_id = i.chat_id and r.deleted_at is null
          and (m.history = 'all' or exists (
            select from chat_members s where s.chat_id = i.chat_id and s.user_id = i.sender_id
              and s.joined_seq < r.seq and (s.left_seq is null or r.seq < s.left_seq) offset 0))
        ) then 'no_reply'
      else 'created' end as outcome
    from input i
    left join lateral (
      select c.history from chat_members m
      join chats c on c.id = m.chat_id and c.deleted_at is null
      join users u on u.id = m.user_id and u.status = 'active'
      where m.chat_id = i.chat_id and m.user_id = i.sender_id and m.left_seq is null offset 0
    ) m on true
    left join lateral (
      select k.id, k as known from messages k
      where k.chat_id = i.chat_id and k.sender_id = i.sender_id and k.nonce = i.nonce offset 0
    ) k on i.nonce is not null
  ), fresh as (
    -- The same nonce twice in one call is one message.
    select distinct on (j.chat_id, j.sender_id, j.nonce, case when j.nonce is null then j.n end) j.*
    from judged j where j.outcome = 'created'
    order by j.chat_id, j.sender_id, j.nonce, case when j.nonce is null then j.n end, j.n
  ), bumped as (
    update topics t set last_seq = t.last_seq + f.messages
    from (select f.chat_id, count(*) as messages from fresh f group by 1) f
    where t.id = f.chat_id
    returning t.id, t.last_seq - f.messages as base
  ), inserted as (
    insert into messages as m (chat_id, seq, sender_id, content, nonce, reply_to, mentions)
    select f.chat_id, b.base + row_number() over (partition by f.chat_id order by f.n), f.sender_id,
      f.content, f.nonce, f.reply_to, case when f.names is null then '{}' else array(
        select u.id from unnest(string_to_array(f.names, ' ')) name
        cross join lateral (select u.id from users u where lower(u.username) = name offset 0) u
        cross join lateral (
          select from chat_members cm
          where cm.chat_id = f.chat_id and cm.user_id = u.id and cm.left_seq is null offset 0) cm
        group by u.id order by u.id) end
    from fresh f join bumped b on b.id = f.chat_id
    returning m as message, m.chat_id, m.seq
  ), placed as (
    select f.*, i.message from (
      select f.n, f.chat_id, f.sender_id, f.nonce,
        b.base + row_number() over (partition by f.chat_id order by f.n) as seq
      from fresh f join bumped b on b.id = f.chat_id
    ) f join inserted i on i.chat_id = f.chat_id and i.seq = f.seq
  )
  select j.n, case when j.outcome = 'created' and p.n <> j.n then 'known' else j.outcome end,
    coalesce(p.message, j.known)
  from judged j
  left join placed p on p.chat_id = j.chat_id and p.sender_id = j.sender_id
    and (p.n = j.n or p.nonce = j.nonce)
  order by j.n;
end $$;

-- Makes somebody a member of a workspace and of its channel general. Returns false for whoever is
-- one already, and where the workspace was deleted before the locks were had.
create or replace function join_workspace(p_workspace_id bigint, p_user_id bigint, p_role text) returns boolean
  language plpgsql as $$
declare
  general bigint;
begin
  select id into general from chats
  where workspace_id = p_workspace_id and is_general and deleted_at is null;
  perform lock_topics(array[p_workspace_id, p_user_id, general]);
  if exists (select from workspaces where id = p_workspace_id and deleted_at is not null) then
    return false;
  end if;
  insert into workspace_members (workspace_id, user_id, role) values (p_workspace_id, p_user_id, p_role)
  on conflict (workspace_id, user_id) where left_seq is null do nothing;
  if not found then return false; end if;
  insert into chat_members (chat_id, user_id)
  select general, p_user_id where general is not null
  on conflict (chat_id, user_id) where left_seq is null do nothing;
  return true;
end $$;
