-- How much was asked lately, by whom: a token bucket as the one time at which it will be full again
-- (GCRA). The key is a keyed hash, so that no address stands here. The servers count by themselves and
-- add up here once a second what counts, so that they know of each other and a restart forgets nothing.
-- Not logged: the rows are good for minutes, and what a crash of the database loses is as much as
-- somebody may ask at once anyway.
create unlogged table throttles (
  key bytea primary key check (octet_length(key) = 32),
  full_at timestamptz not null
);

-- Sign-ins that failed one after the other, for an account or for one of the devices it is known on.
-- The key is a keyed hash of the address, whether there is such an account or not. Logged, for the most
-- failures in a row must outlive everything.
create table sign_in_failures (
  key bytea primary key check (octet_length(key) = 32),
  failures integer not null check (failures between 0 and 100),
  -- Nobody is let try before.
  next_at timestamptz not null default now(),
  last_at timestamptz not null default now()
);

-- Forgotten by age.
create index sign_in_failures_last on sign_in_failures (last_at);
