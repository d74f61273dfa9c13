create sequence file_ids;

-- A file is its owner's alone until a message takes it along. Its bytes lie in the storage under
-- storage_key, which nobody outside ever sees; each file has bytes of its own, so that nothing tells
-- whether somebody else has the same ones.
create table files (
  id bigint primary key default next_id('file_ids'),
  owner_id bigint not null references users,
  -- pending: its bytes are on their way; stored: there; attached: a message has it.
  state text not null default 'pending' check (state in ('pending', 'stored', 'attached')),
  name text not null check (octet_length(name) between 1 and 255),
  mime text not null default 'application/octet-stream',
  -- What it counts for: its bytes, or what is reserved for those still to come.
  size bigint not null check (size >= 0),
  sha256 bytea check (octet_length(sha256) = 32),
  storage_key uuid not null default gen_random_uuid(),
  message_id bigint references messages,
  chat_id bigint references chats,
  width integer check (width > 0),
  height integer check (height > 0),
  blur_hash text check (char_length(blur_hash) <= 128),
  duration_ms bigint check (duration_ms >= 0),
  -- Smaller pictures made of it: [{name, mime, size}], each under the key with a dot and its name.
  renditions jsonb not null default '[]',
  -- When it was looked into for these, or given up; null until then. Whoever looks takes it for a while
  -- by look_after, and counts in looks how often that was.
  looked_at timestamptz,
  look_after timestamptz not null default '-infinity',
  looks smallint not null default 0,
  created_at timestamptz not null default now(),
  check ((state = 'pending') = (sha256 is null)),
  check ((state = 'attached') = (message_id is not null)),
  check ((message_id is null) = (chat_id is null))
);

-- Deleting one message, and what deleted chats held.
create index files_message on files (message_id) where message_id is not null;
-- What is still to be looked into.
create index files_unseen on files (look_after, id) where looked_at is null and state <> 'pending';
-- What hangs on no message goes after a day.
create index files_unattached on files (created_at) where message_id is null;

-- A resumable upload: the bytes of a pending file that came so far lie in the data folder.
create table file_uploads (
  file_id bigint primary key references files on delete cascade,
  length bigint not null check (length >= 0),
  -- What the client said of it, as it said it: it gets that back.
  metadata text check (octet_length(metadata) <= 8192),
  created_at timestamptz not null default now()
);

-- What the storage still holds of files that are gone; the job takes both away.
create table file_garbage (
  key text primary key,
  queued_at timestamptz not null default now(),
  attempts integer not null default 0
);

-- How many bytes count for a person, a workspace, and all together (id 0). Kept by a trigger, so that it
-- is the sum over the files whoever changes them.
create table file_use (
  scope text not null check (scope in ('instance', 'user', 'workspace')),
  id bigint not null,
  bytes bigint not null default 0,
  primary key (scope, id)
) with (fillfactor = 50);

-- Adds what is given to what is counted, in one order, so that nobody waits in a circle.
create function count_files(p_scopes text[], p_ids bigint[], p_bytes numeric[]) returns void
  language plpgsql as $$
begin
  if not exists (select from unnest(p_bytes) b where b <> 0) then return; end if;
  insert into file_use (scope, id) select distinct i.scope, i.id from unnest(p_scopes, p_ids) i (scope, id)
  order by i.scope, i.id on conflict do nothing;
  perform 1 from file_use u
  where (u.scope, u.id) in (select * from unnest(p_scopes, p_ids)) order by u.scope, u.id for no key update;
  update file_use u set bytes = u.bytes + i.bytes
  from (
    select scope, id, sum(bytes) as bytes from unnest(p_scopes, p_ids, p_bytes) i (scope, id, bytes)
    group by scope, id having sum(bytes) <> 0
  ) i where u.scope = i.scope and u.id = i.id;
end $$;

-- Reserves room for so many bytes of somebody's before any of them is written. Returns false where a
-- quota has no room; a quota of 0 is none. The locks are kept to the end of the transaction, so that of
-- several at once none goes by what another one is about to take.
create function reserve_room(
  p_owner_id bigint, p_bytes bigint, p_user_quota bigint, p_instance_quota bigint
) returns boolean
  language plpgsql as $$
begin
  insert into file_use (scope, id) values ('instance', 0), ('user', p_owner_id) on conflict do nothing;
  perform 1 from file_use u
  where (u.scope, u.id) in (('instance', 0), ('user', p_owner_id)) order by u.scope, u.id for no key update;
  return not exists (
    select from file_use u
    where (u.scope, u.id, true) in (('instance', 0, p_instance_quota > 0), ('user', p_owner_id, p_user_quota > 0))
      and u.bytes + p_bytes > case u.scope when 'user' then p_user_quota else p_instance_quota end);
end $$;

-- A file that is to come. Null where there is no room for it.
create function begin_file(
  p_owner_id bigint, p_name text, p_bytes bigint, p_user_quota bigint, p_instance_quota bigint
) returns files
  language plpgsql as $$
declare
  begun files;
begin
  if not reserve_room(p_owner_id, p_bytes, p_user_quota, p_instance_quota) then return null; end if;
  insert into files (owner_id, name, size) values (p_owner_id, p_name, p_bytes) returning * into begun;
  return begun;
end $$;

-- More room for a file on its way. Returns false where there is none, or the file is gone.
create function grow_file(
  p_file_id bigint, p_bytes bigint, p_user_quota bigint, p_instance_quota bigint
) returns boolean
  language plpgsql as $$
declare
  owner bigint;
begin
  select owner_id into owner from files where id = p_file_id for update;
  if owner is null or not reserve_room(owner, p_bytes, p_user_quota, p_instance_quota) then return false; end if;
  update files set size = size + p_bytes where id = p_file_id and state = 'pending';
  return found;
end $$;

create function files_counted() returns trigger
  language plpgsql as $$
begin
  perform count_files(array_agg(c.scope), array_agg(c.id), array_agg(c.bytes)) from (
    select s.scope, s.id, n.size::numeric as bytes from new_rows n
    left join chats c on c.id = n.chat_id
    cross join lateral (values ('instance', 0), ('user', n.owner_id), ('workspace', c.workspace_id)) s (scope, id)
    where s.id is not null
  ) c having count(*) > 0;
  return null;
end $$;

create trigger files_counted after insert on files referencing new table as new_rows
  for each statement execute function files_counted();

create function files_recounted() returns trigger
  language plpgsql as $$
begin
  perform count_files(array_agg(c.scope), array_agg(c.id), array_agg(c.bytes)) from (
    select s.scope, s.id, sum(f.bytes) as bytes
    from (
      select owner_id, chat_id, size::numeric as bytes from new_rows
      union all select owner_id, chat_id, -size::numeric from old_rows
    ) f
    left join chats c on c.id = f.chat_id
    cross join lateral (values ('instance', 0), ('user', f.owner_id), ('workspace', c.workspace_id)) s (scope, id)
    where s.id is not null
    group by s.scope, s.id having sum(f.bytes) <> 0
  ) c having count(*) > 0;
  return null;
end $$;

create trigger files_recounted after update on files
  referencing old table as old_rows new table as new_rows
  for each statement execute function files_recounted();

-- With the row go the bytes, once this is committed: the key waits for the job.
create function files_removed() returns trigger
  language plpgsql as $$
begin
  insert into file_garbage (key)
  select o.storage_key::text || coalesce('.' || r.name, '') from old_rows o
  left join lateral (
    select null as name union all select e->>'name' from jsonb_array_elements(o.renditions) e
  ) r on true
  on conflict do nothing;
  perform count_files(array_agg(c.scope), array_agg(c.id), array_agg(c.bytes)) from (
    select s.scope, s.id, -o.size::numeric as bytes from old_rows o
    left join chats c on c.id = o.chat_id
    cross join lateral (values ('instance', 0), ('user', o.owner_id), ('workspace', c.workspace_id)) s (scope, id)
    where s.id is not null
  ) c having count(*) > 0;
  return null;
end $$;

create trigger files_removed after delete on files referencing old table as old_rows
  for each statement execute function files_removed();

-- A file as the API shows it.
create function file_json(f files) returns jsonb
  language sql stable
  return jsonb_build_object('id', f.id, 'url', '/api/files/' || f.id, 'name', f.name, 'mime', f.mime,
    'size', f.size, 'width', f.width, 'height', f.height, 'blur_hash', f.blur_hash,
    'duration_ms', f.duration_ms,
    'renditions', jsonb_path_query_array(f.renditions, '$[*].name'));

create function listed_files(p_ids bigint[]) returns jsonb
  language sql stable
  return coalesce((
    select jsonb_agg(file_json(f) order by i.n) from unnest(p_ids) with ordinality i (id, n)
    join files f on f.id = i.id), '[]');

-- A message's files, in the order in which its sender gave them. Most messages have none: this is made
-- part of the statement that asks, so that for those nothing is called.
create function files_json(p_ids bigint[]) returns jsonb
  language sql stable
  return case when p_ids = '{}' then '[]'::jsonb else listed_files(p_ids) end;

-- Those of these files that somebody may see: their own that hang on no message, and those of messages
-- that they may read.
create function visible_files(p_user_id bigint, p_ids bigint[]) returns setof files
  language sql stable
  begin atomic
    select f.* from files f
    join users u on u.id = p_user_id and u.status = 'active'
    where f.id = any (p_ids) and (
      (f.state = 'stored' and f.owner_id = u.id)
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

-- Messages and their files -----------------------------------------------------------------------

alter table messages add column file_ids bigint[] not null default '{}';

create or replace function message_json(m messages) returns jsonb
  language sql stable
  return jsonb_build_object('id', m.id, 'chat_id', m.chat_id, 'seq', m.seq, 'sender_id', m.sender_id,
    'content', m.content, 'files', files_json(m.file_ids), 'nonce', m.nonce, 'reply_to', m.reply_to,
    'mentions', to_jsonb(m.mentions), 'reactions', '[]'::jsonb, 'edited_at', rfc3339(m.edited_at),
    'deleted_at', rfc3339(m.deleted_at), 'created_at', rfc3339(m.created_at));

-- A message takes its files along before its event tells of them. Whoever sends it must own them, and
-- they must hang on nothing.
create or replace function messages_sent() returns trigger
  language plpgsql as $$
declare
  wanted bigint;
  taken bigint;
begin
  select coalesce(sum(cardinality(file_ids)), 0) into wanted from new_rows where file_ids <> '{}';
  if wanted > 0 then
    update files f set state = 'attached', message_id = n.id, chat_id = n.chat_id
    from new_rows n cross join unnest(n.file_ids) i (id)
    where f.id = i.id and f.state = 'stored' and f.owner_id = n.sender_id;
    get diagnostics taken = row_count;
    if taken <> wanted then
      raise exception 'a message takes only stored files of its sender''s, each once';
    end if;
  end if;

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

-- An edit or a deletion takes the chat's next seq for its event; a deletion leaves nothing to read.
-- Whoever only wants the event, because more is known of a file, adds any number to event_seqs: the
-- right one takes its place.
create or replace function change_message() returns trigger
  language plpgsql as $$
begin
  if (new.id, new.chat_id, new.seq, new.sender_id) is distinct from (old.id, old.chat_id, old.seq, old.sender_id) then
    raise exception 'a message keeps its id, chat, seq and sender';
  end if;
  if old.deleted_at is not null then return null; end if;
  if new.deleted_at is not null then
    new.content := '';
    new.mentions := '{}';
    new.file_ids := '{}';
  elsif new.file_ids <> old.file_ids then
    raise exception 'a message keeps its files';
  elsif (new.content, new.mentions) is distinct from (old.content, old.mentions) then
    new.edited_at := clock_timestamp();
  elsif new.event_seqs = old.event_seqs then
    return null;
  end if;
  new.event_seqs := old.event_seqs || next_seq(new.chat_id);
  update topics set last_seq = last_seq + 1 where id = new.chat_id;
  return new;
end $$;

create or replace function messages_changed() returns trigger
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

  if exists (select from new_rows n where n.deleted_at is not null) then
    delete from files f using new_rows n where n.deleted_at is not null and f.message_id = n.id;

    -- What was deleted is gone from the log too. Whom it mentioned stays: who is away still has to
    -- take those out of their counts one by one.
    update event_log l set body = jsonb_set(jsonb_set(jsonb_set(l.body, '{message,content}', '""'),
      '{message,files}', '[]'), '{message,deleted_at}', to_jsonb(rfc3339(n.deleted_at)))
    from new_rows n
    where n.deleted_at is not null and l.topic_id = n.chat_id and l.seq = any (n.seq || n.event_seqs)
      and l.kind in ('NewMessage', 'MessageUpdated');
  end if;
  perform ring_bell();
  return null;
end $$;

-- Removes what deleted chats held, a bounded number of messages at a time, from the messages, their
-- files and the log. Returns how many messages went; 0 when nothing is left.
create or replace function purge_deleted_chats(p_limit integer) returns integer
  language plpgsql as $$
declare
  doomed bigint[];
begin
  doomed := array(
    select m.id from messages m
    where m.chat_id in (select id from chats where deleted_at is not null) limit p_limit);
  delete from files where message_id = any (doomed);
  delete from event_log l using messages d
  where d.id = any (doomed) and l.topic_id = d.chat_id and l.seq = any (d.seq || d.event_seqs);
  delete from message_mentions m using messages d
  where d.id = any (doomed) and m.chat_id = d.chat_id and m.seq = d.seq;
  delete from messages where id = any (doomed);
  return cardinality(doomed);
end $$;

-- Stores what looking into a file told, and tells those who have its message. Returns false where the
-- file is gone. The chat is locked before the file, as by whoever sends; it may get its chat between the
-- look and the lock, and then keeps it.
create function describe_file(
  p_file_id bigint, p_width integer, p_height integer, p_blur_hash text, p_duration_ms bigint,
  p_renditions jsonb
) returns boolean
  language plpgsql as $$
declare
  seen bigint;
  message bigint;
begin
  loop
    select chat_id into seen from files where id = p_file_id;
    if not found then return false; end if;
    if seen is not null then perform lock_topics(array[seen]); end if;
    select message_id into message from files
    where id = p_file_id and chat_id is not distinct from seen for update;
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

-- As in 0011_corrections.sql, and: p_files holds the ids of each message's files, separated by commas,
-- and p_workspace_quota how many bytes a workspace may have (0: any number). Two more outcomes: no_file
-- (one of them is not the sender's, not stored, or taken already) and full (the workspace has no room).
-- The files are locked after the topics and before anybody looks at them.
drop function send_messages(bigint[], bigint[], text[], text[], bigint[], text[], integer);

create function send_messages(
  p_chat_ids bigint[], p_sender_ids bigint[], p_contents text[], p_nonces text[],
  p_reply_tos bigint[], p_mentions text[], p_lock_timeout_ms integer default 0,
  p_files text[] default null, p_workspace_quota bigint default 0
) returns table (n integer, outcome text, message messages)
  language plpgsql as $$
declare
  wanted bigint[];
begin
  perform set_config('lock_timeout', p_lock_timeout_ms::text, true);
  perform lock_topics(p_chat_ids);
  if p_files is not null then
    wanted := array(select distinct f::bigint from unnest(p_files) one cross join string_to_table(one, ',') f);
    perform 1 from files f where f.id = any (wanted) order by f.id for update;
    insert into file_use (scope, id) select distinct 'workspace', c.workspace_id from chats c
    where c.id = any (p_chat_ids) and c.workspace_id is not null order by 2 on conflict do nothing;
    perform 1 from file_use u where u.scope = 'workspace' and u.id in (
      select c.workspace_id from chats c where c.id = any (p_chat_ids)) order by u.id for no key update;
  end if;
  return query
  with input as (
    select i.n::integer, i.chat_id, i.sender_id, i.content, i.nonce, i.reply_to, i.names,
      case when i.files is null then '{}' else string_to_array(i.files, ',')::bigint[] end as file_ids
    from unnest(p_chat_ids, p_sender_ids, p_contents, p_nonces, p_reply_tos, p_mentions, p_files)
      with ordinality i (chat_id, sender_id, content, nonce, reply_to, names, files, n)
  ), judged as (
    select i.*, k.known, m.workspace_id, case
      when m.history is null then 'not_member'
      when k.id is not null then 'known'
      when i.reply_to is not null and not exists (
        select from messages r where r.id = i.reply_to and r.chat_id = i.chat_id and r.deleted_at is null
          and (m.history = 'all' or exists (
            select from chat_members s where s.chat_id = i.chat_id and s.user_id = i.sender_id
              and s.joined_seq < r.seq and (s.left_seq is null or r.seq < s.left_seq) offset 0))
        ) then 'no_reply'
      when i.file_ids <> '{}' and cardinality(i.file_ids) <> (
        select count(*) from files f
        where f.id = any (i.file_ids) and f.owner_id = i.sender_id and f.state = 'stored') then 'no_file'
      else 'created' end as outcome
    from input i
    left join lateral (
      select c.history, c.workspace_id from chat_members m
      join chats c on c.id = m.chat_id and c.deleted_at is null
      join users u on u.id = m.user_id and u.status = 'active'
      where m.chat_id = i.chat_id and m.user_id = i.sender_id and m.left_seq is null offset 0
    ) m on true
    left join lateral (
      select k.id, k as known from messages k
      where k.chat_id = i.chat_id and k.sender_id = i.sender_id and k.nonce = i.nonce offset 0
    ) k on i.nonce is not null
  ), single as (
    -- The same nonce twice in one call is one message.
    select distinct on (j.chat_id, j.sender_id, j.nonce, case when j.nonce is null then j.n end) j.*
    from judged j where j.outcome = 'created'
    order by j.chat_id, j.sender_id, j.nonce, case when j.nonce is null then j.n end, j.n
  ), loads as (
    -- The same file in two messages of one call goes with the first.
    select s.n,
      exists (select from single e where e.n < s.n and e.file_ids && s.file_ids) as taken,
      p_workspace_quota > 0 and s.workspace_id is not null
        and coalesce(u.bytes, 0) + sum((select sum(f.size) from files f where f.id = any (s.file_ids)))
          over (partition by s.workspace_id order by s.n) > p_workspace_quota as is_full
    from single s left join file_use u on u.scope = 'workspace' and u.id = s.workspace_id
    where s.file_ids <> '{}'
  ), fresh as (
    select s.* from single s
    where s.file_ids = '{}' or s.n in (select l.n from loads l where not (l.taken or l.is_full))
  ), bumped as (
    update topics t set last_seq = t.last_seq + f.messages
    from (select f.chat_id, count(*) as messages from fresh f group by 1) f
    where t.id = f.chat_id
    returning t.id, t.last_seq - f.messages as base
  ), inserted as (
    insert into messages as m (chat_id, seq, sender_id, content, nonce, reply_to, mentions, file_ids)
    select f.chat_id, b.base + row_number() over (partition by f.chat_id order by f.n), f.sender_id,
      f.content, f.nonce, f.reply_to, case when f.names is null then '{}' else array(
        select u.id from unnest(string_to_array(f.names, ' ')) name
        cross join lateral (select u.id from users u where lower(u.username) = name offset 0) u
        cross join lateral (
          select from chat_members cm
          where cm.chat_id = f.chat_id and cm.user_id = u.id and cm.left_seq is null offset 0) cm
        group by u.id order by u.id) end, f.file_ids
    from fresh f join bumped b on b.id = f.chat_id
    returning m as message, m.chat_id, m.seq
  ), placed as materialized (
    -- FULL, though each has its other: that is never done row by row, which takes 500 x 500 comparisons
    -- where the planner expects one row of each.
    select f.*, i.message from (
      select f.n, f.chat_id, f.sender_id, f.nonce,
        b.base + row_number() over (partition by f.chat_id order by f.n) as seq
      from fresh f join bumped b on b.id = f.chat_id
    ) f full join inserted i on i.chat_id = f.chat_id and i.seq = f.seq
  )
  select j.n, case
      when j.outcome <> 'created' then j.outcome
      when p.n is null then coalesce((
        select 'full' from loads l where l.n = j.n and l.is_full and not l.taken), 'no_file')
      when p.n <> j.n then 'known'
      else 'created' end,
    coalesce(p.message, j.known)
  from judged j
  left join placed p on p.chat_id = j.chat_id and p.sender_id = j.sender_id
    and (p.n = j.n or p.nonce = j.nonce)
  order by j.n;
end $$;
