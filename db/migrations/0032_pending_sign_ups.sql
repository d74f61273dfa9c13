alter table mail_queue drop constraint mail_queue_kind_check;
alter table mail_queue add constraint mail_queue_kind_check
  check (kind in ('reset', 'password_changed', 'sign_up'));

-- Accounts that wait for their owner to open a mailed link: one for an address, the newest that somebody
-- asked for, also where the address has an account, so that nothing there differs. Of the link's secret its
-- SHA-256 is kept, once there is one.
create table pending_sign_ups (
  id bigint generated always as identity primary key,
  email text not null,
  username text not null,
  password_hash text not null,
  workspace text,
  invite text,
  hash bytea unique,
  -- How many letters went to the address: no stranger may fill a mailbox.
  letters integer not null default 1,
  expires_at timestamptz not null default now() + interval '1 hour'
);
create unique index pending_sign_ups_email on pending_sign_ups (lower(email));
create index pending_sign_ups_expires on pending_sign_ups (expires_at);
