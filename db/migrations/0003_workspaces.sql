create table workspaces (
  id bigint primary key default next_id('topic_ids'),
  name text not null check (char_length(name) between 1 and 64),
  join_policy text not null default 'invite' check (join_policy in ('invite', 'open')),
  member_count integer not null default 0 check (member_count >= 0),
  created_by bigint not null references users,
  created_at timestamptz not null default now(),
  deleted_at timestamptz
);

-- A sign-up names the workspace it founds or joins.
create unique index workspaces_name on workspaces (lower(name)) where deleted_at is null;

-- Membership as intervals in the workspace's seq: a reader may see the
-- events with joined_seq < seq < left_seq.
create table workspace_members (
  workspace_id bigint not null references workspaces,
  user_id bigint not null references users,
  role text not null default 'member' check (role in ('owner', 'admin', 'member')),
  joined_seq bigint not null,
  left_seq bigint check (left_seq > joined_seq),
  joined_at timestamptz not null default now(),
  primary key (workspace_id, user_id, joined_seq)
);

-- At most one open interval.
create unique index workspace_members_open on workspace_members (workspace_id, user_id)
  where left_seq is null;
-- A person's workspaces, past ones too: a resume replays what lies inside the intervals.
create index workspace_members_user on workspace_members (user_id, workspace_id);
-- Who is an owner or admin. Partial, so that no plan made before there are statistics takes it for
-- the way to one member.
create index workspace_members_role on workspace_members (workspace_id, role)
  where left_seq is null and role <> 'member';

create table workspace_invites (
  code text primary key check (char_length(code) between 16 and 64),
  workspace_id bigint not null references workspaces,
  role text not null default 'member' check (role in ('admin', 'member')),
  expires_at timestamptz,
  max_uses integer check (max_uses > 0),
  uses integer not null default 0 check (uses >= 0),
  created_by bigint not null references users,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  check (uses <= max_uses)
);

create index workspace_invites_workspace on workspace_invites (workspace_id) where revoked_at is null;
