-- Mail that waits to be sent, by whichever chat-server takes it first. What it says and to whom is
-- encrypted under the master key: an address that somebody typed, or a link that lets its reader in.
create table mail_queue (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('reset', 'password_changed')),
  payload_enc bytea not null,
  queued_at timestamptz not null default now(),
  -- When it is tried next: whoever takes it puts this off, so that no other takes it meanwhile.
  next_at timestamptz not null default now(),
  attempts integer not null default 0
);
create index mail_queue_next on mail_queue (next_at);

-- Links by which somebody may choose a new password: the SHA-256 of the secret in each, good once.
create table password_resets (
  hash bytea primary key,
  user_id bigint not null references users on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '30 minutes'
);
create index password_resets_user on password_resets (user_id);

-- A new password, whoever set it and how, makes the links of before worthless.
create function drop_resets() returns trigger
  language plpgsql as $$
begin
  delete from password_resets where user_id = new.id;
  return null;
end $$;
create trigger users_drop_resets after update of password_hash on users
  for each row when (old.password_hash is distinct from new.password_hash)
  execute function drop_resets();
