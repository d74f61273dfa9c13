-- Codes of an authenticator app (RFC 6238): the secret is sealed by the master key. It is asked for once
-- confirmed_at is set; last_step is that of the newest code that was taken, so that each is good once.
create table totp_secrets (
  user_id bigint primary key references users on delete cascade,
  secret_enc bytea not null,
  confirmed_at timestamptz,
  last_step bigint not null default 0
);

-- Each good once in place of such a code, kept as SHA-256.
create table recovery_codes (
  user_id bigint not null references users on delete cascade,
  hash bytea not null,
  used_at timestamptz,
  primary key (user_id, hash)
);

-- Who gave the right password and is to give a code: good once, for five minutes and five tries. The
-- challenge is kept as SHA-256.
create table pending_sign_ins (
  hash bytea primary key,
  user_id bigint not null references users on delete cascade,
  tries integer not null default 0,
  expires_at timestamptz not null default now() + interval '5 minutes'
);
create index pending_sign_ins_user on pending_sign_ins (user_id);
create index pending_sign_ins_expires on pending_sign_ins (expires_at);

-- A sign-in ends that began with another password; of an account that is erased nothing stays.
create function end_second_factors() returns trigger
  language plpgsql as $$
begin
  delete from pending_sign_ins where user_id = new.id;
  if new.status = 'erased' then
    delete from totp_secrets where user_id = new.id;
    delete from recovery_codes where user_id = new.id;
  end if;
  return null;
end $$;

create trigger users_second_factors after update of password_hash, status on users
  for each row when (new.password_hash <> old.password_hash or new.status <> old.status)
  execute function end_second_factors();
