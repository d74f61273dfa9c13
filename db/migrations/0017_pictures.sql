-- People's pictures and workspaces' icons. Such a file is a small square that was made of an uploaded
-- picture and took its place: of the picture itself, with all that a camera wrote into it, nothing is
-- kept. It hangs on no message and stays until another one takes its place.
alter table files drop constraint files_state_check;
alter table files add constraint files_state_check
  check (state in ('pending', 'stored', 'attached', 'avatar', 'icon'));

-- What hangs on nothing goes after a day.
drop index files_unattached;
create index files_unattached on files (created_at) where state in ('pending', 'stored');

alter table users add column avatar_id bigint references files;
alter table workspaces add column icon_id bigint references files;
-- Whose picture a file is: nobody else's. Also asked whenever a file goes.
create unique index users_avatar on users (avatar_id) where avatar_id is not null;
create unique index workspaces_icon on workspaces (icon_id) where icon_id is not null;

-- Puts the square in the place of the picture that it was made of: somebody's own, which hangs on
-- nothing. Its bytes lie under p_key already, which waits among the garbage so that they go if nothing
-- comes of it. Returns false where the picture is not there for that any more.
create function become_picture(
  p_file_id bigint, p_owner_id bigint, p_state text, p_key text, p_side integer, p_size bigint,
  p_sha256 bytea
) returns boolean
  language plpgsql as $$
begin
  perform 1 from files where id = p_file_id and owner_id = p_owner_id and state = 'stored' for update;
  if not found then return false; end if;
  delete from file_garbage where key = p_key;
  if not found then return false; end if;
  insert into file_garbage (key)
  select f.storage_key::text || coalesce('.' || r.name, '') from files f
  left join lateral (
    select null as name union all select e->>'name' from jsonb_array_elements(f.renditions) e
  ) r on true
  where f.id = p_file_id
  on conflict do nothing;
  update files set state = p_state, storage_key = p_key::uuid, name = p_state || '.webp',
    mime = 'image/webp', size = p_size, sha256 = p_sha256, width = p_side, height = p_side,
    blur_hash = null, duration_ms = null, renditions = '[]', looked_at = clock_timestamp()
  where id = p_file_id;
  return true;
end $$;

-- As in 0016_files.sql, but: what became a picture while it was looked into is not described. Then its
-- bytes are not those that were looked into.
create or replace function describe_file(
  p_file_id bigint, p_width integer, p_height integer, p_blur_hash text, p_duration_ms bigint,
  p_renditions jsonb
) returns boolean
  language plpgsql as $$
declare
  seen bigint;
  message bigint;
begin
  loop
    select chat_id into seen from files where id = p_file_id and state in ('stored', 'attached');
    if not found then return false; end if;
    if seen is not null then perform lock_topics(array[seen]); end if;
    select message_id into message from files
    where id = p_file_id and chat_id is not distinct from seen and state in ('stored', 'attached')
    for update;
    exit when found;
  end loop;
  update files set width = p_width, height = p_height, blur_hash = p_blur_hash,
    duration_ms = p_duration_ms, renditions = p_renditions
  where id = p_file_id and (width, height, blur_hash, duration_ms, renditions)
    is distinct from (p_width, p_height, p_blur_hash, p_duration_ms, p_renditions);
  if found and message is not null then
    update messages set event_seqs = event_seqs || 0::bigint where id = message;
  end if;
  return true;
end $$;

-- Whether two people share a workspace or a chat, or are one: then each may know who the other is.
create function are_acquainted(p_one_id bigint, p_other_id bigint) returns boolean
  language sql stable
  begin atomic
    select p_one_id = p_other_id
      or exists (
        select from workspace_members theirs
        join workspace_members mine on mine.workspace_id = theirs.workspace_id
          and mine.user_id = p_one_id and mine.left_seq is null
        join workspaces w on w.id = theirs.workspace_id and w.deleted_at is null
        where theirs.user_id = p_other_id and theirs.left_seq is null)
      or exists (
        select from chat_members theirs
        join chat_members mine on mine.chat_id = theirs.chat_id
          and mine.user_id = p_one_id and mine.left_seq is null
        join chats c on c.id = theirs.chat_id and c.deleted_at is null
        where theirs.user_id = p_other_id and theirs.left_seq is null);
  end;

-- As in 0016_files.sql, and: pictures of people whom somebody may know, icons of their workspaces.
create or replace function visible_files(p_user_id bigint, p_ids bigint[]) returns setof files
  language sql stable
  begin atomic
    select f.* from files f
    join users u on u.id = p_user_id and u.status = 'active'
    where f.id = any (p_ids) and (
      (f.state = 'stored' and f.owner_id = u.id)
      or (f.state = 'avatar' and exists (
        select from users p where p.avatar_id = f.id and are_acquainted(u.id, p.id)))
      or (f.state = 'icon' and exists (
        select from workspaces w
        join workspace_members wm
          on wm.workspace_id = w.id and wm.user_id = u.id and wm.left_seq is null
        where w.icon_id = f.id and w.deleted_at is null))
      or (f.state = 'attached' and exists (
        select from messages m
        join chats c on c.id = m.chat_id and c.deleted_at is null
        left join chat_members cm on cm.chat_id = c.id and cm.user_id = u.id and cm.left_seq is null
        left join workspace_members wm
          on wm.workspace_id = c.workspace_id and wm.user_id = u.id and wm.left_seq is null
        where m.id = f.message_id and m.deleted_at is null
          and (cm.user_id is not null or (c.type = 'public_channel' and wm.user_id is not null))
          and (c.history = 'all' or exists (
            select from chat_members i where i.chat_id = c.id and i.user_id = u.id
              and i.joined_seq < m.seq and (i.left_seq is null or m.seq < i.left_seq))))));
  end;

-- What everybody may know of a person.
create or replace function user_json(u users) returns jsonb
  language sql stable
  return jsonb_build_object('id', u.id, 'username', u.username, 'avatar_id', u.avatar_id);

-- A workspace as each of its current members sees it.
create or replace view member_workspaces as
  select m.user_id as member_id, w.id, w.name, w.join_policy, w.member_count, m.role,
    rfc3339(w.created_at) as created_at, w.icon_id
  from workspace_members m
  join workspaces w on w.id = m.workspace_id and w.deleted_at is null
  where m.left_seq is null;

-- As in 0011_corrections.sql, and: a new picture is told like a new name, and the one before goes. The
-- topics are locked before files, as by whoever sends.
create or replace function users_changed() returns trigger
  language plpgsql as $$
declare
  changed bigint[];
begin
  select array_agg(n.id) into changed
  from new_rows n join old_rows o on o.id = n.id
  where (n.username, n.avatar_id) is distinct from (o.username, o.avatar_id);
  if changed is not null then
    if exists (select from new_rows n left join files f on f.id = n.avatar_id
        where n.avatar_id is not null and (f.state, f.owner_id) is distinct from ('avatar', n.id)) then
      raise exception 'a person''s picture is a file that became one of theirs by become_picture';
    end if;
    perform lock_topics(array(select topic_id from topics_naming(changed)));
    perform append_events(array_agg(t.topic_id order by t.topic_id, u.id),
      array_agg('UserUpdated'::text),
      array_agg(jsonb_build_object('user', user_json(u)) order by t.topic_id, u.id))
    from topics_naming(changed) t join users u on u.id = t.user_id;
    delete from files f using new_rows n join old_rows o on o.id = n.id
    where f.id = o.avatar_id and o.avatar_id is distinct from n.avatar_id;
  end if;

  -- Whoever is disabled is signed out everywhere.
  update sessions s set revoked_at = now(), revoked_because = 'account disabled'
  from new_rows n join old_rows o on o.id = n.id
  where n.status = 'disabled' and o.status <> 'disabled' and s.user_id = n.id and s.revoked_at is null;
  return null;
end $$;

-- As in 0006_events.sql, and with the icon: the one before goes, and with the workspace the last one.
create or replace function workspaces_changed() returns trigger
  language plpgsql as $$
begin
  if exists (select from new_rows n join old_rows o on o.id = n.id join files f on f.id = n.icon_id
      where n.icon_id is distinct from o.icon_id and f.state <> 'icon') then
    raise exception 'a workspace''s icon is a file that became one by become_picture';
  end if;
  perform append_events(array_agg(n.id order by n.id), array_agg('WorkspaceUpdated'::text),
    array_agg(jsonb_build_object('workspace_id', n.id, 'name', n.name, 'join_policy', n.join_policy,
      'icon_id', n.icon_id) order by n.id))
  from new_rows n join old_rows o on o.id = n.id
  where n.deleted_at is null
    and (n.name, n.join_policy, n.icon_id) is distinct from (o.name, o.join_policy, o.icon_id)
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
    update workspaces w set icon_id = null
    from new_rows n where n.id = w.id and w.deleted_at is not null and w.icon_id is not null;
  end if;

  delete from files f using new_rows n join old_rows o on o.id = n.id
  where f.id = o.icon_id and o.icon_id is distinct from n.icon_id;
  return null;
end $$;
