-- An erased account stays as the author of what it wrote, under a name that says nothing.
alter table users drop constraint users_status_check;
alter table users add constraint users_status_check
  check (status in ('active', 'disabled', 'erased')) not valid;
alter table users validate constraint users_status_check;

-- Erases somebody's account: name, address, password, sessions, memberships, settings, and the files that
-- hang on no message. Workspaces and chats that nobody else is in are deleted. What they wrote to others
-- stays. Returns false, having done nothing, where others would be left in a workspace without an owner.
create function erase_account(p_user_id bigint) returns boolean
  language plpgsql as $$
declare
  name text := 'deleted-user-' || p_user_id;
  talks bigint[];
begin
  perform lock_topics(array(
    select p_user_id
    union select workspace_id from workspace_members where user_id = p_user_id and left_seq is null
    union select chat_id from chat_members where user_id = p_user_id and left_seq is null));
  if exists (
    select from workspace_members m join workspaces w on w.id = m.workspace_id and w.deleted_at is null
    where m.user_id = p_user_id and m.left_seq is null and m.role = 'owner' and w.member_count > 1
      and not exists (
        select from workspace_members o
        where o.workspace_id = w.id and o.role = 'owner' and o.left_seq is null and o.user_id <> p_user_id)
  ) then return false; end if;

  -- Told while they are still among those who know them.
  while exists (select from users where lower(username) = name) loop name := name || '_'; end loop;
  update users set username = name, email = gen_random_uuid() || '@erased.invalid', password_hash = 'none',
    status = 'erased', avatar_id = null, dnd_until = null
  where id = p_user_id;
  delete from dnd_schedules where user_id = p_user_id;
  delete from sessions where user_id = p_user_id;
  delete from files where owner_id = p_user_id and state in ('pending', 'stored');

  delete from workspaces w using workspace_members m
  where m.workspace_id = w.id and m.user_id = p_user_id and m.left_seq is null
    and w.member_count = 1 and w.deleted_at is null;
  delete from workspace_members m using workspaces w
  where w.id = m.workspace_id and w.deleted_at is null and m.user_id = p_user_id and m.left_seq is null;

  -- A direct message stays with the other person, unless they are gone as well.
  talks := array(
    select c.id from chat_members m join chats c on c.id = m.chat_id
    where m.user_id = p_user_id and c.type <> 'public_channel' and c.deleted_at is null);
  delete from chat_members m using chats c
  where c.id = m.chat_id and c.type <> 'single' and c.id = any (talks)
    and m.user_id = p_user_id and m.left_seq is null;
  delete from chats c
  where c.id = any (talks) and c.deleted_at is null and not exists (
    select from chat_members m join users u on u.id = m.user_id and u.status <> 'erased'
    where m.chat_id = c.id and m.left_seq is null);
  return true;
end $$;
