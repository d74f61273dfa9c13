-- Founds a workspace with its channel general; the founder owns both. Returns its id.
create function found_workspace(p_user_id bigint, p_name text, p_join_policy text) returns bigint
  language plpgsql as $$
declare
  founded bigint;
  general bigint;
begin
  insert into workspaces (name, join_policy, created_by) values (p_name, p_join_policy, p_user_id)
  returning id into founded;
  insert into workspace_members (workspace_id, user_id, role) values (founded, p_user_id, 'owner');
  insert into chats (type, workspace_id, name, is_general, created_by)
  values ('public_channel', founded, 'general', true, p_user_id)
  returning id into general;
  insert into chat_members (chat_id, user_id, role) values (general, p_user_id, 'owner');
  return founded;
end $$;

-- Makes somebody a member of a workspace and of its channel general. Returns false for whoever is
-- one already.
create function join_workspace(p_workspace_id bigint, p_user_id bigint, p_role text) returns boolean
  language plpgsql as $$
declare
  general bigint;
begin
  select id into general from chats
  where workspace_id = p_workspace_id and is_general and deleted_at is null;
  perform lock_topics(array[p_workspace_id, p_user_id, general]);
  insert into workspace_members (workspace_id, user_id, role) values (p_workspace_id, p_user_id, p_role)
  on conflict (workspace_id, user_id) where left_seq is null do nothing;
  if not found then return false; end if;
  insert into chat_members (chat_id, user_id)
  select general, p_user_id where general is not null
  on conflict (chat_id, user_id) where left_seq is null do nothing;
  return true;
end $$;
