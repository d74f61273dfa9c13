-- People. E-mail addresses are compared in lower case and never shown to others.
create table users (
  id bigint primary key default next_id('topic_ids'),
  username text not null check (char_length(username) between 1 and 64),
  email text not null check (char_length(email) between 3 and 254),
  password_hash text not null,
  status text not null default 'active' check (status in ('active', 'disabled')),
  created_at timestamptz not null default now()
);

-- Names and addresses are taken whatever their case.
create unique index users_username on users (lower(username));
create unique index users_email on users (lower(email));

create sequence session_ids;

-- One row per signed-in device. The refresh token is 256 random bits, kept as SHA-256; for 20
-- seconds after a rotation the old one still answers with the same successor, which is therefore
-- kept too, encrypted under the instance's master key.
create table sessions (
  id bigint primary key default next_id('session_ids'),
  user_id bigint not null references users on delete cascade,
  current_hash bytea not null,
  prev_hash bytea,
  prev_rotated_at timestamptz,
  successor_enc bytea,
  user_agent text not null default '',
  ip_prefix text not null default '',
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  idle_expires_at timestamptz not null default now() + interval '30 days',
  expires_at timestamptz not null default now() + interval '90 days',
  revoked_at timestamptz,
  revoked_because text
);

-- Finding a session by the token presented, current or previous.
create unique index sessions_current_hash on sessions (current_hash);
create index sessions_prev_hash on sessions (prev_hash) where prev_hash is not null;
-- A person's live sessions.
create index sessions_user on sessions (user_id) where revoked_at is null;
-- Both servers ask what was revoked lately.
create index sessions_revoked on sessions (revoked_at) where revoked_at is not null;

-- Keys that sign access tokens. The private part is encrypted under the instance's master key; the
-- notify-server reads the public parts only.
create table signing_keys (
  kid text primary key,
  public_jwk jsonb not null,
  private_enc bytea not null,
  state text not null check (state in ('next', 'active', 'retired')),
  created_at timestamptz not null default now()
);

-- At most one key signs.
create unique index signing_keys_active on signing_keys (state) where state = 'active';

-- One-time tickets for a plain EventSource, which can send no header: kept as SHA-256, good once.
create table event_tickets (
  hash bytea primary key,
  user_id bigint not null references users on delete cascade,
  session_id bigint not null references sessions on delete cascade,
  expires_at timestamptz not null default now() + interval '30 seconds'
);
-- Old tickets are removed by age.
create index event_tickets_expires on event_tickets (expires_at);
