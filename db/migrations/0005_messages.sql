create sequence message_ids;

-- seq is the message's place in its chat's topic; gaps in it are the chat's other events.
create table messages (
  id bigint primary key default next_id('message_ids'),
  chat_id bigint not null references chats,
  seq bigint not null,
  sender_id bigint not null references users,
  content text not null check (char_length(content) <= 32000),
  nonce text check (char_length(nonce) between 1 and 64),
  reply_to bigint,
  mentions bigint[] not null default '{}',
  -- The seqs of the events that changed it later: a deletion erases the text from them too.
  event_seqs bigint[] not null default '{}',
  edited_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz not null default clock_timestamp()
);

-- The order of a chat, and its pages.
create unique index messages_chat_seq on messages (chat_id, seq);
-- A repeated send finds its first answer.
create unique index messages_nonce on messages (chat_id, sender_id, nonce) where nonce is not null;

-- Who was mentioned where: counts unread mentions without reading the messages between.
create table message_mentions (
  user_id bigint not null references users,
  chat_id bigint not null references chats,
  seq bigint not null,
  primary key (user_id, chat_id, seq)
);
-- Deleting or editing one message.
create index message_mentions_message on message_mentions (chat_id, seq);

-- How many messages of others a member has not read: at most 1,000, so that the work is bounded;
-- 1,000 stands for that many or more.
create function unread_count(p_user_id bigint, p_chat_id bigint, p_read_seq bigint) returns integer
  language sql stable
  return (select count(*)::integer from (
    select from messages m
    where m.chat_id = p_chat_id and m.seq > p_read_seq
      and m.sender_id <> p_user_id and m.deleted_at is null
    order by m.seq limit 1000) unread);

create function mention_count(p_user_id bigint, p_chat_id bigint, p_read_seq bigint) returns integer
  language sql stable
  return (select count(*)::integer from message_mentions m
    where m.user_id = p_user_id and m.chat_id = p_chat_id and m.seq > p_read_seq);

-- Everybody in the chat where they are at most 100, else nobody: the count tells, pages list them.
create function listed_members(p_chat_id bigint, p_member_count integer) returns bigint[]
  language sql stable
  return case when p_member_count > 100 then '{}' else coalesce((
    select array_agg(m.user_id order by m.user_id) from chat_members m
    where m.chat_id = p_chat_id and m.left_seq is null), '{}') end;

-- A chat as each of its current members sees it: the API's chat entity, for replies, bootstrap and
-- events alike. The columns are computed only where they are selected.
create view member_chats as
  select m.user_id as member_id, c.id, c.type, c.workspace_id, c.name, c.description, c.history,
    c.is_general, listed_members(c.id, c.member_count) as users, c.member_count, m.role, m.notification,
    t.last_seq, m.read_seq, unread_count(m.user_id, c.id, m.read_seq) as unread_count,
    mention_count(m.user_id, c.id, m.read_seq) as mention_count, c.created_by,
    rfc3339(c.created_at) as created_at
  from chat_members m
  join chats c on c.id = m.chat_id and c.deleted_at is null
  join topics t on t.id = c.id
  where m.left_seq is null;

-- A workspace as each of its current members sees it.
create view member_workspaces as
  select m.user_id as member_id, w.id, w.name, w.join_policy, w.member_count, m.role,
    rfc3339(w.created_at) as created_at
  from workspace_members m
  join workspaces w on w.id = m.workspace_id and w.deleted_at is null
  where m.left_seq is null;
