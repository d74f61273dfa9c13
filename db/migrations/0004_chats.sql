create table chats (
  id bigint primary key default next_id('topic_ids'),
  type text not null check (type in ('single', 'group', 'private_channel', 'public_channel')),
  workspace_id bigint references workspaces,
  name text check (char_length(name) between 1 and 64),
  description text check (char_length(description) <= 1024),
  history text not null default 'all' check (history in ('all', 'since_join')),
  -- The channel that everybody who joins the workspace is in from the start.
  is_general boolean not null default false,
  -- A single chat's two people, so that a constraint can keep it single.
  low_user_id bigint references users,
  high_user_id bigint references users,
  member_count integer not null default 0 check (member_count >= 0),
  created_by bigint not null references users,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  check (case type
    when 'single' then workspace_id is null and name is null and low_user_id < high_user_id
    when 'group' then workspace_id is null and low_user_id is null and high_user_id is null
    else workspace_id is not null and name is not null and low_user_id is null and high_user_id is null
  end),
  check (history = 'all' or type in ('group', 'private_channel'))
);

-- One single chat per pair, under any race.
create unique index chats_single_pair on chats (low_user_id, high_user_id) where type = 'single';
-- A channel's name is its workspace's own; also browses a workspace's channels.
create unique index chats_channel_name on chats (workspace_id, lower(name))
  where workspace_id is not null and deleted_at is null;

-- Membership as intervals in the chat's seq: a reader may see the events with
-- joined_seq < seq < left_seq. A membership is closed, never deleted, so that a resume still knows
-- what lay inside it.
create table chat_members (
  chat_id bigint not null references chats,
  user_id bigint not null references users,
  role text not null default 'member' check (role in ('owner', 'admin', 'member')),
  -- Set by a trigger, as read_seq is.
  joined_seq bigint not null default 0,
  left_seq bigint check (left_seq > joined_seq),
  read_seq bigint not null default 0 check (read_seq >= 0),
  notification text not null default 'all' check (notification in ('all', 'mentions', 'none')),
  joined_at timestamptz not null default now(),
  primary key (chat_id, user_id, joined_seq)
) with (fillfactor = 80);

-- At most one open interval; the member check of each send.
create unique index chat_members_open on chat_members (chat_id, user_id) where left_seq is null;
-- A person's chats, past ones too: a resume replays what lies inside the intervals.
create index chat_members_user on chat_members (user_id, chat_id);
-- Whether an owner is left, and who follows. Partial, so that no plan made before there are
-- statistics takes it for the way to one member.
create index chat_members_role on chat_members (chat_id, role, joined_seq)
  where left_seq is null and role <> 'member';
