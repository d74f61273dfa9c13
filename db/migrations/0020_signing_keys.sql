-- Keys that sign access tokens follow one another: `next` is published and signs nothing yet, `active`
-- signs, `retired` signs no more. Tokens by a retired key count until `accepted_until`; its private part
-- is nobody's any more.
alter table signing_keys
  -- Nobody asks for the private part of another key than the active one.
  -- squawk-ignore ban-drop-not-null
  alter column private_enc drop not null,
  add column active_since timestamptz,
  add column retired_at timestamptz,
  add column accepted_until timestamptz;

update signing_keys set active_since = created_at where state = 'active';
update signing_keys set active_since = created_at, retired_at = now(),
  accepted_until = now() + interval '12 minutes', private_enc = null
where state = 'retired';

alter table signing_keys add constraint signing_keys_times check (
  case state
    when 'next' then active_since is null and retired_at is null and private_enc is not null
    when 'active' then active_since is not null and retired_at is null and private_enc is not null
    else retired_at is not null and accepted_until is not null and private_enc is null
  end) not valid;
alter table signing_keys validate constraint signing_keys_times;

-- Everybody may read what is published: an Ed25519 key without its private part, which is its `d` (RFC 8037).
alter table signing_keys add constraint signing_keys_public check (
  public_jwk @> '{"kty": "OKP", "crv": "Ed25519"}' and public_jwk ? 'x' and not public_jwk ? 'd') not valid;
alter table signing_keys validate constraint signing_keys_public;

-- At most one key waits to be the one that signs.
create unique index signing_keys_next on signing_keys (state) where state = 'next';

-- The keys whose tokens count now. Who only checks tokens needs no more than this.
create view public_keys as
  select kid, public_jwk, state, created_at from signing_keys
  where state <> 'retired' or accepted_until > now();

-- By which key the token was signed that a ticket was made with: where the key is dropped, so is the ticket.
alter table event_tickets add column kid text;
