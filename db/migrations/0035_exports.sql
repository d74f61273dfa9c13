-- Who may take what the database has of them with them: for a day from when they asked, and only in the
-- session that asked for it. It ends with that session, hence with a new password and with the account.
create table exports (
  user_id bigint primary key references users on delete cascade,
  session_id bigint not null references sessions on delete cascade,
  requested_at timestamptz not null default now()
);
-- For sessions that are deleted.
create index exports_session on exports (session_id);
-- The files of one person, in the order in which an export and an erasure take them.
create index files_owner on files (owner_id, id);
