-- Keys of WebAuthn that people sign in by, prove by that it is them, or give in place of a code. The
-- public half is kept as COSE has it (RFC 9052); counter is the last that the key's device told, and
-- stays 0 where devices share the key.
create table passkeys (
  id bigint generated always as identity primary key,
  user_id bigint not null references users on delete cascade,
  credential_id bytea not null constraint passkeys_credential unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  name text not null check (char_length(name) between 1 and 64),
  backup_eligible boolean not null,
  backed_up boolean not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index passkeys_user on passkeys (user_id);

-- What a key has to sign: good once, for two minutes and for one thing. Kept as SHA-256. Nobody is known
-- yet who signs in without a password; else it is bound to a person, and to the sign-in they are about.
create table passkey_challenges (
  hash bytea primary key,
  purpose text not null check (purpose in ('add', 'sign_in', 'second', 'confirm')),
  user_id bigint references users on delete cascade,
  pending_hash bytea references pending_sign_ins on delete cascade,
  expires_at timestamptz not null default now() + interval '2 minutes',
  check ((user_id is null) = (purpose = 'sign_in')),
  check ((pending_hash is null) = (purpose <> 'second'))
);
create index passkey_challenges_user on passkey_challenges (user_id);
create index passkey_challenges_pending on passkey_challenges (pending_hash);
create index passkey_challenges_expires on passkey_challenges (expires_at);

-- Of an account that is erased nothing stays.
create function end_passkeys() returns trigger
  language plpgsql as $$
begin
  delete from passkeys where user_id = new.id;
  delete from passkey_challenges where user_id = new.id;
  return null;
end $$;

create trigger users_passkeys after update of status on users
  for each row when (new.status = 'erased' and old.status <> 'erased')
  execute function end_passkeys();
