-- When whoever has the session last proved that it is them, by password or another factor: what is
-- sensitive asks for a proof that is not older than a few minutes.
alter table sessions add column confirmed_at timestamptz not null default now();
-- All refresh tokens of a session begin with the same secret, kept as SHA-256: any of them that is not
-- the newest shows that somebody kept a copy, however old it is. Null until the next rotation where the
-- session is older than this column.
alter table sessions add column family_hash bytea;
create unique index sessions_family on sessions (family_hash) where family_hash is not null;
