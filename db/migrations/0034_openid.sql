-- Who signs in by an OpenID provider. The key is who the provider says it is: never an address of mail,
-- which may be somebody else's next year. An account has one such link at each provider.
create table openid_links (
  issuer text not null check (char_length(issuer) between 1 and 255),
  subject text not null check (char_length(subject) between 1 and 255),
  user_id bigint not null references users on delete cascade,
  linked_at timestamptz not null default now(),
  primary key (issuer, subject)
);
create unique index openid_links_user on openid_links (user_id, issuer);

-- Ways to the provider and back that were gone once, so that none is gone twice: the SHA-256 of each
-- one's state, for as long as the cookie that belongs to it could still be brought.
create table openid_states (
  hash bytea primary key,
  used_at timestamptz not null default now()
);
create index openid_states_used on openid_states (used_at);

-- Of an account that is erased nothing stays.
create function drop_openid_links() returns trigger
  language plpgsql as $$
begin
  delete from openid_links where user_id = new.id;
  return null;
end $$;
create trigger users_drop_openid_links after update of status on users
  for each row when (new.status = 'erased' and old.status <> 'erased')
  execute function drop_openid_links();
