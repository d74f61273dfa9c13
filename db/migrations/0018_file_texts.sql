-- What a file begins with, where it is a text, and what its owner says of it for those who do not see it.
alter table files
  add column text_preview text check (char_length(text_preview) between 1 and 600),
  add column alt text check (char_length(alt) between 1 and 1000);

create or replace function file_json(f files) returns jsonb
  language sql stable
  return jsonb_build_object('id', f.id, 'url', '/api/files/' || f.id, 'name', f.name, 'mime', f.mime,
    'size', f.size, 'alt', f.alt, 'width', f.width, 'height', f.height, 'blur_hash', f.blur_hash,
    'duration_ms', f.duration_ms, 'text_preview', f.text_preview,
    'renditions', jsonb_path_query_array(f.renditions, '$[*].name'));

-- As in 0017_pictures.sql. Its row is the table's, whatever columns that gets.
create or replace function visible_files(p_user_id bigint, p_ids bigint[]) returns setof files
  language sql stable
  begin atomic
    select f from files f
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

-- Locks a file that is sent or may be and, before it, the chat that has it, as whoever sends does; it may
-- get its chat between the look and the lock, and then keeps it. Null where the file is gone, or became a
-- picture of somebody's.
create function lock_file(p_file_id bigint) returns files
  language plpgsql as $$
declare
  seen bigint;
  locked files;
begin
  loop
    select chat_id into seen from files where id = p_file_id and state in ('stored', 'attached');
    if not found then return null; end if;
    if seen is not null then perform lock_topics(array[seen]); end if;
    select * into locked from files
    where id = p_file_id and chat_id is not distinct from seen and state in ('stored', 'attached')
    for update;
    if found then return locked; end if;
  end loop;
end $$;

-- Those who have a file's message hear of what changed of it.
create function tell_of_file(p_file files) returns void
  language sql
  begin atomic
    update messages set event_seqs = event_seqs || 0::bigint where id = p_file.message_id;
  end;

-- As in 0017_pictures.sql, with the text; in one value, as it grew.
drop function describe_file(bigint, integer, integer, text, bigint, jsonb);

-- Stores what looking into a file told ({width, height, blur_hash, duration_ms, text_preview,
-- renditions}), and tells those who have its message. Returns false where the file is gone.
create function describe_file(p_file_id bigint, p_found jsonb) returns boolean
  language plpgsql as $$
declare
  file files := lock_file(p_file_id);
  found_of files := jsonb_populate_record(file, p_found);
begin
  if file.id is null then return false; end if;
  if found_of is distinct from file then
    update files set width = found_of.width, height = found_of.height, blur_hash = found_of.blur_hash,
      duration_ms = found_of.duration_ms, text_preview = found_of.text_preview,
      renditions = found_of.renditions
    where id = p_file_id;
    perform tell_of_file(file);
  end if;
  return true;
end $$;

-- What the owner of a file says of it; null takes it back. Returns the file, or null where they have
-- no such file that they may still see.
create function caption_file(p_user_id bigint, p_file_id bigint, p_alt text) returns files
  language plpgsql as $$
declare
  file files := lock_file(p_file_id);
  captioned files;
begin
  if file.owner_id is distinct from p_user_id
    or not exists (select from visible_files(p_user_id, array[p_file_id])) then return null; end if;
  update files set alt = p_alt where id = p_file_id returning * into captioned;
  if file.alt is distinct from p_alt then perform tell_of_file(file); end if;
  return captioned;
end $$;

-- Texts and documents that came before anybody looked into them.
update files set looked_at = null
where state <> 'pending' and (mime ~ '^text/' or mime in ('application/json', 'application/xml', 'application/pdf'));
