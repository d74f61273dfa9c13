-- Written by `npm run generate` from db/migrations: read it, do not edit it.

create sequence file_ids as bigint increment 1 start 1 cache 1;

create sequence message_ids as bigint increment 1 start 1 cache 1;

create sequence session_ids as bigint increment 1 start 1 cache 1;

create sequence topic_ids as bigint increment 1 start 1 cache 1;

create table audit_end (
  only_row boolean default true not null,
  "position" bigint not null,
  hash bytea,
  constraint audit_end_pkey PRIMARY KEY (only_row),
  constraint audit_end_only_row_check CHECK (only_row)
);

create table audit_log (
  id bigint generated always as identity not null,
  "position" bigint,
  at timestamp with time zone default clock_timestamp() not null,
  action text not null,
  actor_id bigint,
  session_id bigint,
  network text default ''::text not null,
  request_id text default ''::text not null,
  workspace_id bigint,
  target_kind text,
  target_id bigint,
  detail jsonb default '{}'::jsonb not null,
  prev_hash bytea,
  hash bytea,
  constraint audit_log_pkey PRIMARY KEY (id)
);

create table chat_members (
  chat_id bigint not null,
  user_id bigint not null,
  role text default 'member'::text not null,
  joined_seq bigint default 0 not null,
  left_seq bigint,
  read_seq bigint default 0 not null,
  notification text default 'all'::text not null,
  joined_at timestamp with time zone default now() not null,
  constraint chat_members_pkey PRIMARY KEY (chat_id, user_id, joined_seq),
  constraint chat_members_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES chats(id),
  constraint chat_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id),
  constraint chat_members_check CHECK ((left_seq > joined_seq)),
  constraint chat_members_notification_check CHECK ((notification = ANY (ARRAY['all'::text, 'mentions'::text, 'none'::text]))),
  constraint chat_members_read_seq_check CHECK ((read_seq >= 0)),
  constraint chat_members_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text])))
) with (fillfactor=80);

create table chats (
  id bigint default next_id('topic_ids'::regclass) not null,
  type text not null,
  workspace_id bigint,
  name text,
  description text,
  history text default 'all'::text not null,
  is_general boolean default false not null,
  low_user_id bigint,
  high_user_id bigint,
  member_count integer default 0 not null,
  created_by bigint not null,
  created_at timestamp with time zone default now() not null,
  deleted_at timestamp with time zone,
  constraint chats_pkey PRIMARY KEY (id),
  constraint chats_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id),
  constraint chats_high_user_id_fkey FOREIGN KEY (high_user_id) REFERENCES users(id),
  constraint chats_low_user_id_fkey FOREIGN KEY (low_user_id) REFERENCES users(id),
  constraint chats_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint chats_check CHECK (
CASE type
    WHEN 'single'::text THEN ((workspace_id IS NULL) AND (name IS NULL) AND (low_user_id < high_user_id))
    WHEN 'group'::text THEN ((workspace_id IS NULL) AND (low_user_id IS NULL) AND (high_user_id IS NULL))
    ELSE ((workspace_id IS NOT NULL) AND (name IS NOT NULL) AND (low_user_id IS NULL) AND (high_user_id IS NULL))
END),
  constraint chats_check1 CHECK (((history = 'all'::text) OR (type = ANY (ARRAY['group'::text, 'private_channel'::text])))),
  constraint chats_description_check CHECK ((char_length(description) <= 1024)),
  constraint chats_history_check CHECK ((history = ANY (ARRAY['all'::text, 'since_join'::text]))),
  constraint chats_member_count_check CHECK ((member_count >= 0)),
  constraint chats_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 64))),
  constraint chats_type_check CHECK ((type = ANY (ARRAY['single'::text, 'group'::text, 'private_channel'::text, 'public_channel'::text])))
);

create table dnd_schedules (
  user_id bigint not null,
  from_time time without time zone not null,
  to_time time without time zone not null,
  weekdays smallint[] not null,
  time_zone text not null,
  skipped_until timestamp with time zone,
  constraint dnd_schedules_pkey PRIMARY KEY (user_id),
  constraint dnd_schedules_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint dnd_schedules_check CHECK ((to_time <> from_time)),
  constraint dnd_schedules_time_zone_check CHECK (((char_length(time_zone) >= 1) AND (char_length(time_zone) <= 64))),
  constraint dnd_schedules_weekdays_check CHECK ((((cardinality(weekdays) >= 1) AND (cardinality(weekdays) <= 7)) AND (weekdays <@ '{0,1,2,3,4,5,6}'::smallint[])))
);

create table event_log (
  id bigint generated always as identity not null,
  topic_id bigint not null,
  seq bigint not null,
  xid xid8 default pg_current_xact_id() not null,
  kind text not null,
  actor_id bigint,
  body jsonb not null,
  at timestamp with time zone default clock_timestamp() not null
) partition by RANGE (at);

create table event_log_default partition of event_log DEFAULT;

create table event_tickets (
  hash bytea not null,
  user_id bigint not null,
  session_id bigint not null,
  expires_at timestamp with time zone default (now() + '00:00:30'::interval) not null,
  kid text,
  constraint event_tickets_pkey PRIMARY KEY (hash),
  constraint event_tickets_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint event_tickets_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

create table exports (
  user_id bigint not null,
  session_id bigint not null,
  requested_at timestamp with time zone default now() not null,
  constraint exports_pkey PRIMARY KEY (user_id),
  constraint exports_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint exports_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

create table file_garbage (
  key text not null,
  queued_at timestamp with time zone default now() not null,
  attempts integer default 0 not null,
  constraint file_garbage_pkey PRIMARY KEY (key)
);

create table file_uploads (
  file_id bigint not null,
  length bigint not null,
  metadata text,
  created_at timestamp with time zone default now() not null,
  constraint file_uploads_pkey PRIMARY KEY (file_id),
  constraint file_uploads_file_id_fkey FOREIGN KEY (file_id) REFERENCES files(id) ON DELETE CASCADE,
  constraint file_uploads_length_check CHECK ((length >= 0)),
  constraint file_uploads_metadata_check CHECK ((octet_length(metadata) <= 8192))
);

create table file_use (
  scope text not null,
  id bigint not null,
  bytes bigint default 0 not null,
  constraint file_use_pkey PRIMARY KEY (scope, id),
  constraint file_use_scope_check CHECK ((scope = ANY (ARRAY['instance'::text, 'user'::text, 'workspace'::text])))
) with (fillfactor=50);

create table files (
  id bigint default next_id('file_ids'::regclass) not null,
  owner_id bigint not null,
  state text default 'pending'::text not null,
  name text not null,
  mime text default 'application/octet-stream'::text not null,
  size bigint not null,
  sha256 bytea,
  storage_key uuid default gen_random_uuid() not null,
  message_id bigint,
  chat_id bigint,
  width integer,
  height integer,
  blur_hash text,
  duration_ms bigint,
  renditions jsonb default '[]'::jsonb not null,
  looked_at timestamp with time zone,
  look_after timestamp with time zone default '-infinity'::timestamp with time zone not null,
  looks smallint default 0 not null,
  created_at timestamp with time zone default now() not null,
  text_preview text,
  alt text,
  constraint files_pkey PRIMARY KEY (id),
  constraint files_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES chats(id),
  constraint files_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id),
  constraint files_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users(id),
  constraint files_alt_check CHECK (((char_length(alt) >= 1) AND (char_length(alt) <= 1000))),
  constraint files_blur_hash_check CHECK ((char_length(blur_hash) <= 128)),
  constraint files_check CHECK (((state = 'pending'::text) = (sha256 IS NULL))),
  constraint files_check1 CHECK (((state = 'attached'::text) = (message_id IS NOT NULL))),
  constraint files_check2 CHECK (((message_id IS NULL) = (chat_id IS NULL))),
  constraint files_duration_ms_check CHECK ((duration_ms >= 0)),
  constraint files_height_check CHECK ((height > 0)),
  constraint files_name_check CHECK (((octet_length(name) >= 1) AND (octet_length(name) <= 255))),
  constraint files_sha256_check CHECK ((octet_length(sha256) = 32)),
  constraint files_size_check CHECK ((size >= 0)),
  constraint files_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'stored'::text, 'attached'::text, 'avatar'::text, 'icon'::text]))),
  constraint files_text_preview_check CHECK (((char_length(text_preview) >= 1) AND (char_length(text_preview) <= 600))),
  constraint files_width_check CHECK ((width > 0))
);

create table instance_policy (
  only_row boolean default true not null,
  signup text,
  requires_second_factor boolean default false not null,
  constraint instance_policy_pkey PRIMARY KEY (only_row),
  constraint instance_policy_only_row_check CHECK (only_row),
  constraint instance_policy_signup_check CHECK ((signup = ANY (ARRAY['open'::text, 'invite'::text, 'closed'::text])))
);

create table log_meta (
  only_row boolean default true not null,
  epoch text default "left"(replace((gen_random_uuid())::text, '-'::text, ''::text), 8) not null,
  dropped_through xid8 default '0'::xid8 not null,
  system_identifier text,
  timeline text,
  made_as text,
  constraint log_meta_pkey PRIMARY KEY (only_row),
  constraint log_meta_only_row_check CHECK (only_row)
);

create table mail_queue (
  id bigint generated always as identity not null,
  kind text not null,
  payload_enc bytea not null,
  queued_at timestamp with time zone default now() not null,
  next_at timestamp with time zone default now() not null,
  attempts integer default 0 not null,
  constraint mail_queue_pkey PRIMARY KEY (id),
  constraint mail_queue_kind_check CHECK ((kind = ANY (ARRAY['reset'::text, 'password_changed'::text, 'sign_up'::text, 'way_changed'::text])))
);

create table message_mentions (
  user_id bigint not null,
  chat_id bigint not null,
  seq bigint not null,
  constraint message_mentions_pkey PRIMARY KEY (user_id, chat_id, seq),
  constraint message_mentions_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES chats(id),
  constraint message_mentions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);

create table messages (
  id bigint default next_id('message_ids'::regclass) not null,
  chat_id bigint not null,
  seq bigint not null,
  sender_id bigint not null,
  content text not null,
  nonce text,
  reply_to bigint,
  mentions bigint[] default '{}'::bigint[] not null,
  event_seqs bigint[] default '{}'::bigint[] not null,
  edited_at timestamp with time zone,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone default clock_timestamp() not null,
  file_ids bigint[] default '{}'::bigint[] not null,
  constraint messages_pkey PRIMARY KEY (id),
  constraint messages_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES chats(id),
  constraint messages_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES users(id),
  constraint messages_content_check CHECK ((char_length(content) <= 32000)),
  constraint messages_nonce_check CHECK (((char_length(nonce) >= 1) AND (char_length(nonce) <= 64)))
);

create table openid_links (
  issuer text not null,
  subject text not null,
  user_id bigint not null,
  linked_at timestamp with time zone default now() not null,
  constraint openid_links_pkey PRIMARY KEY (issuer, subject),
  constraint openid_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint openid_links_issuer_check CHECK (((char_length(issuer) >= 1) AND (char_length(issuer) <= 255))),
  constraint openid_links_subject_check CHECK (((char_length(subject) >= 1) AND (char_length(subject) <= 255)))
);

create table openid_states (
  hash bytea not null,
  used_at timestamp with time zone default now() not null,
  constraint openid_states_pkey PRIMARY KEY (hash)
);

create table passkey_challenges (
  hash bytea not null,
  purpose text not null,
  user_id bigint,
  pending_hash bytea,
  expires_at timestamp with time zone default (now() + '00:02:00'::interval) not null,
  constraint passkey_challenges_pkey PRIMARY KEY (hash),
  constraint passkey_challenges_pending_hash_fkey FOREIGN KEY (pending_hash) REFERENCES pending_sign_ins(hash) ON DELETE CASCADE,
  constraint passkey_challenges_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint passkey_challenges_check CHECK (((user_id IS NULL) = (purpose = 'sign_in'::text))),
  constraint passkey_challenges_check1 CHECK (((pending_hash IS NULL) = (purpose <> 'second'::text))),
  constraint passkey_challenges_purpose_check CHECK ((purpose = ANY (ARRAY['add'::text, 'sign_in'::text, 'second'::text, 'confirm'::text])))
);

create table passkeys (
  id bigint generated always as identity not null,
  user_id bigint not null,
  credential_id bytea not null,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  name text not null,
  backup_eligible boolean not null,
  backed_up boolean not null,
  created_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone,
  constraint passkeys_pkey PRIMARY KEY (id),
  constraint passkeys_credential UNIQUE (credential_id),
  constraint passkeys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint passkeys_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 64)))
);

create table password_resets (
  hash bytea not null,
  user_id bigint not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone default (now() + '00:30:00'::interval) not null,
  constraint password_resets_pkey PRIMARY KEY (hash),
  constraint password_resets_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

create table pending_sign_ins (
  hash bytea not null,
  user_id bigint not null,
  tries integer default 0 not null,
  expires_at timestamp with time zone default (now() + '00:05:00'::interval) not null,
  constraint pending_sign_ins_pkey PRIMARY KEY (hash),
  constraint pending_sign_ins_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

create table pending_sign_ups (
  id bigint generated always as identity not null,
  email text not null,
  username text not null,
  password_hash text not null,
  workspace text,
  invite text,
  hash bytea,
  letters integer default 1 not null,
  expires_at timestamp with time zone default (now() + '01:00:00'::interval) not null,
  constraint pending_sign_ups_pkey PRIMARY KEY (id),
  constraint pending_sign_ups_hash_key UNIQUE (hash)
);

create table recovery_codes (
  user_id bigint not null,
  hash bytea not null,
  used_at timestamp with time zone,
  constraint recovery_codes_pkey PRIMARY KEY (user_id, hash),
  constraint recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

create table sessions (
  id bigint default next_id('session_ids'::regclass) not null,
  user_id bigint not null,
  current_hash bytea not null,
  prev_hash bytea,
  prev_rotated_at timestamp with time zone,
  successor_enc bytea,
  user_agent text default ''::text not null,
  ip_prefix text default ''::text not null,
  created_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone default now() not null,
  idle_expires_at timestamp with time zone default (now() + '30 days'::interval) not null,
  expires_at timestamp with time zone default (now() + '90 days'::interval) not null,
  revoked_at timestamp with time zone,
  revoked_because text,
  confirmed_at timestamp with time zone default now() not null,
  family_hash bytea,
  by_provider boolean default false not null,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

create table setup_tokens (
  hash bytea not null,
  expires_at timestamp with time zone default (now() + '01:00:00'::interval) not null,
  constraint setup_tokens_pkey PRIMARY KEY (hash),
  constraint setup_tokens_hash_check CHECK ((octet_length(hash) = 32))
);

create table sign_in_failures (
  key bytea not null,
  failures integer not null,
  next_at timestamp with time zone default now() not null,
  last_at timestamp with time zone default now() not null,
  constraint sign_in_failures_pkey PRIMARY KEY (key),
  constraint sign_in_failures_failures_check CHECK (((failures >= 0) AND (failures <= 100))),
  constraint sign_in_failures_key_check CHECK ((octet_length(key) = 32))
);

create table signing_keys (
  kid text not null,
  public_jwk jsonb not null,
  private_enc bytea,
  state text not null,
  created_at timestamp with time zone default now() not null,
  active_since timestamp with time zone,
  retired_at timestamp with time zone,
  accepted_until timestamp with time zone,
  constraint signing_keys_pkey PRIMARY KEY (kid),
  constraint signing_keys_public CHECK (((public_jwk @> '{"crv": "Ed25519", "kty": "OKP"}'::jsonb) AND (public_jwk ? 'x'::text) AND (NOT (public_jwk ? 'd'::text)))),
  constraint signing_keys_state_check CHECK ((state = ANY (ARRAY['next'::text, 'active'::text, 'retired'::text]))),
  constraint signing_keys_times CHECK (
CASE state
    WHEN 'next'::text THEN ((active_since IS NULL) AND (retired_at IS NULL) AND (private_enc IS NOT NULL))
    WHEN 'active'::text THEN ((active_since IS NOT NULL) AND (retired_at IS NULL) AND (private_enc IS NOT NULL))
    ELSE ((retired_at IS NOT NULL) AND (accepted_until IS NOT NULL) AND (private_enc IS NULL))
END)
);

create unlogged table throttles (
  key bytea not null,
  full_at timestamp with time zone not null,
  constraint throttles_pkey PRIMARY KEY (key),
  constraint throttles_key_check CHECK ((octet_length(key) = 32))
);

create table topics (
  id bigint not null,
  kind text not null,
  last_seq bigint default 0 not null,
  constraint topics_pkey PRIMARY KEY (id),
  constraint topics_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'workspace'::text, 'chat'::text]))),
  constraint topics_last_seq_check CHECK ((last_seq >= 0))
) with (fillfactor=50);

create table totp_secrets (
  user_id bigint not null,
  secret_enc bytea not null,
  confirmed_at timestamp with time zone,
  last_step bigint default 0 not null,
  constraint totp_secrets_pkey PRIMARY KEY (user_id),
  constraint totp_secrets_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

create table users (
  id bigint default next_id('topic_ids'::regclass) not null,
  username text not null,
  email text not null,
  password_hash text not null,
  status text default 'active'::text not null,
  created_at timestamp with time zone default now() not null,
  dnd_until timestamp with time zone,
  avatar_id bigint,
  is_admin boolean default false not null,
  constraint users_pkey PRIMARY KEY (id),
  constraint users_avatar_id_fkey FOREIGN KEY (avatar_id) REFERENCES files(id),
  constraint users_email_check CHECK (((char_length(email) >= 3) AND (char_length(email) <= 254))),
  constraint users_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text, 'erased'::text]))),
  constraint users_username_check CHECK (((char_length(username) >= 1) AND (char_length(username) <= 64)))
);

create table workspace_invites (
  code text not null,
  workspace_id bigint not null,
  role text default 'member'::text not null,
  expires_at timestamp with time zone,
  max_uses integer,
  uses integer default 0 not null,
  created_by bigint not null,
  created_at timestamp with time zone default now() not null,
  revoked_at timestamp with time zone,
  constraint workspace_invites_pkey PRIMARY KEY (code),
  constraint workspace_invites_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id),
  constraint workspace_invites_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint workspace_invites_check CHECK ((uses <= max_uses)),
  constraint workspace_invites_code_check CHECK (((char_length(code) >= 16) AND (char_length(code) <= 64))),
  constraint workspace_invites_max_uses_check CHECK ((max_uses > 0)),
  constraint workspace_invites_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'member'::text]))),
  constraint workspace_invites_uses_check CHECK ((uses >= 0))
);

create table workspace_members (
  workspace_id bigint not null,
  user_id bigint not null,
  role text default 'member'::text not null,
  joined_seq bigint not null,
  left_seq bigint,
  joined_at timestamp with time zone default now() not null,
  constraint workspace_members_pkey PRIMARY KEY (workspace_id, user_id, joined_seq),
  constraint workspace_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id),
  constraint workspace_members_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint workspace_members_check CHECK ((left_seq > joined_seq)),
  constraint workspace_members_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text])))
);

create table workspaces (
  id bigint default next_id('topic_ids'::regclass) not null,
  name text not null,
  join_policy text default 'invite'::text not null,
  member_count integer default 0 not null,
  created_by bigint not null,
  created_at timestamp with time zone default now() not null,
  deleted_at timestamp with time zone,
  icon_id bigint,
  requires_second_factor boolean default false not null,
  constraint workspaces_pkey PRIMARY KEY (id),
  constraint workspaces_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id),
  constraint workspaces_icon_id_fkey FOREIGN KEY (icon_id) REFERENCES files(id),
  constraint workspaces_join_policy_check CHECK ((join_policy = ANY (ARRAY['invite'::text, 'open'::text]))),
  constraint workspaces_member_count_check CHECK ((member_count >= 0)),
  constraint workspaces_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 64)))
);

CREATE INDEX audit_log_action ON public.audit_log USING btree (action text_pattern_ops, "position");

CREATE INDEX audit_log_actor ON public.audit_log USING btree (actor_id, "position");

CREATE UNIQUE INDEX audit_log_position ON public.audit_log USING btree ("position");

CREATE INDEX audit_log_workspace ON public.audit_log USING btree (workspace_id, "position") WHERE (workspace_id IS NOT NULL);

CREATE UNIQUE INDEX chat_members_open ON public.chat_members USING btree (chat_id, user_id) WHERE (left_seq IS NULL);

CREATE INDEX chat_members_role ON public.chat_members USING btree (chat_id, role, joined_seq) WHERE ((left_seq IS NULL) AND (role <> 'member'::text));

CREATE INDEX chat_members_user ON public.chat_members USING btree (user_id, chat_id);

CREATE UNIQUE INDEX chats_channel_name ON public.chats USING btree (workspace_id, lower(name)) WHERE ((workspace_id IS NOT NULL) AND (deleted_at IS NULL));

CREATE UNIQUE INDEX chats_single_pair ON public.chats USING btree (low_user_id, high_user_id) WHERE (type = 'single'::text);

CREATE INDEX event_log_revoked ON ONLY public.event_log USING btree (at) WHERE (kind = 'SessionRevoked'::text);

CREATE INDEX event_log_topic_seq ON ONLY public.event_log USING btree (topic_id, seq);

CREATE INDEX event_log_topic_xid ON ONLY public.event_log USING btree (topic_id, xid);

CREATE INDEX event_log_xid ON ONLY public.event_log USING btree (xid);

CREATE INDEX event_tickets_expires ON public.event_tickets USING btree (expires_at);

CREATE INDEX exports_session ON public.exports USING btree (session_id);

CREATE INDEX files_message ON public.files USING btree (message_id) WHERE (message_id IS NOT NULL);

CREATE INDEX files_owner ON public.files USING btree (owner_id, id);

CREATE INDEX files_unattached ON public.files USING btree (created_at) WHERE (state = ANY (ARRAY['pending'::text, 'stored'::text]));

CREATE INDEX files_unseen ON public.files USING btree (look_after, id) WHERE ((looked_at IS NULL) AND (state <> 'pending'::text));

CREATE INDEX mail_queue_next ON public.mail_queue USING btree (next_at);

CREATE INDEX message_mentions_message ON public.message_mentions USING btree (chat_id, seq);

CREATE UNIQUE INDEX messages_chat_seq ON public.messages USING btree (chat_id, seq);

CREATE UNIQUE INDEX messages_nonce ON public.messages USING btree (chat_id, sender_id, nonce) WHERE (nonce IS NOT NULL);

CREATE UNIQUE INDEX openid_links_user ON public.openid_links USING btree (user_id, issuer);

CREATE INDEX openid_states_used ON public.openid_states USING btree (used_at);

CREATE INDEX passkey_challenges_expires ON public.passkey_challenges USING btree (expires_at);

CREATE INDEX passkey_challenges_pending ON public.passkey_challenges USING btree (pending_hash);

CREATE INDEX passkey_challenges_user ON public.passkey_challenges USING btree (user_id);

CREATE INDEX passkeys_user ON public.passkeys USING btree (user_id);

CREATE INDEX password_resets_user ON public.password_resets USING btree (user_id);

CREATE INDEX pending_sign_ins_expires ON public.pending_sign_ins USING btree (expires_at);

CREATE INDEX pending_sign_ins_user ON public.pending_sign_ins USING btree (user_id);

CREATE UNIQUE INDEX pending_sign_ups_email ON public.pending_sign_ups USING btree (lower(email));

CREATE INDEX pending_sign_ups_expires ON public.pending_sign_ups USING btree (expires_at);

CREATE UNIQUE INDEX sessions_current_hash ON public.sessions USING btree (current_hash);

CREATE UNIQUE INDEX sessions_family ON public.sessions USING btree (family_hash) WHERE (family_hash IS NOT NULL);

CREATE INDEX sessions_last_used ON public.sessions USING btree (user_id, last_used_at);

CREATE INDEX sessions_prev_hash ON public.sessions USING btree (prev_hash) WHERE (prev_hash IS NOT NULL);

CREATE INDEX sessions_revoked ON public.sessions USING btree (revoked_at) WHERE (revoked_at IS NOT NULL);

CREATE INDEX sessions_user ON public.sessions USING btree (user_id) WHERE (revoked_at IS NULL);

CREATE INDEX sign_in_failures_last ON public.sign_in_failures USING btree (last_at);

CREATE UNIQUE INDEX signing_keys_active ON public.signing_keys USING btree (state) WHERE (state = 'active'::text);

CREATE UNIQUE INDEX signing_keys_next ON public.signing_keys USING btree (state) WHERE (state = 'next'::text);

CREATE INDEX users_admins ON public.users USING btree (id) WHERE is_admin;

CREATE UNIQUE INDEX users_avatar ON public.users USING btree (avatar_id) WHERE (avatar_id IS NOT NULL);

CREATE UNIQUE INDEX users_email ON public.users USING btree (lower(email));

CREATE UNIQUE INDEX users_username ON public.users USING btree (lower(username));

CREATE INDEX workspace_invites_workspace ON public.workspace_invites USING btree (workspace_id) WHERE (revoked_at IS NULL);

CREATE UNIQUE INDEX workspace_members_open ON public.workspace_members USING btree (workspace_id, user_id) WHERE (left_seq IS NULL);

CREATE INDEX workspace_members_role ON public.workspace_members USING btree (workspace_id, role) WHERE ((left_seq IS NULL) AND (role <> 'member'::text));

CREATE INDEX workspace_members_user ON public.workspace_members USING btree (user_id, workspace_id);

CREATE UNIQUE INDEX workspaces_icon ON public.workspaces USING btree (icon_id) WHERE (icon_id IS NOT NULL);

CREATE UNIQUE INDEX workspaces_name ON public.workspaces USING btree (lower(name)) WHERE (deleted_at IS NULL);

create view member_chats as
 SELECT m.user_id AS member_id,
    c.id,
    c.type,
    c.workspace_id,
    c.name,
    c.description,
    c.history,
    c.is_general,
    listed_members(c.id, c.member_count) AS users,
    c.member_count,
    m.role,
    m.notification,
    t.last_seq,
    m.read_seq,
    unread_count(m.user_id, c.id, m.read_seq) AS unread_count,
    mention_count(m.user_id, c.id, m.read_seq) AS mention_count,
    c.created_by,
    rfc3339(c.created_at) AS created_at
   FROM ((chat_members m
     JOIN chats c ON (((c.id = m.chat_id) AND (c.deleted_at IS NULL))))
     JOIN topics t ON ((t.id = c.id)))
  WHERE (m.left_seq IS NULL);

create view member_workspaces as
 SELECT m.user_id AS member_id,
    w.id,
    w.name,
    w.join_policy,
    w.member_count,
    m.role,
    rfc3339(w.created_at) AS created_at,
    w.icon_id
   FROM (workspace_members m
     JOIN workspaces w ON (((w.id = m.workspace_id) AND (w.deleted_at IS NULL))))
  WHERE (m.left_seq IS NULL);

create view public_keys as
 SELECT kid,
    public_jwk,
    state,
    created_at
   FROM signing_keys
  WHERE ((state <> 'retired'::text) OR (accepted_until > now()));

CREATE OR REPLACE FUNCTION public.append_events(p_topic_ids bigint[], p_kinds text[], p_bodies jsonb[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  appended bigint;
begin
  if cardinality(p_topic_ids) = 0 then return; end if;
  perform lock_topics(p_topic_ids);
  with input as (
    select * from unnest(p_topic_ids, p_kinds, p_bodies) with ordinality i (topic_id, kind, body, n)
  ), bumped as (
    update topics t set last_seq = t.last_seq + c.events
    from (select topic_id, count(*) as events from input group by topic_id) c
    where t.id = c.topic_id
    returning t.id, t.last_seq - c.events as base
  )
  insert into event_log (topic_id, seq, kind, actor_id, body)
  select i.topic_id, b.base + row_number() over (partition by i.topic_id order by i.n), i.kind,
    current_actor(), i.body
  from input i join bumped b on b.id = i.topic_id
  order by i.n;
  get diagnostics appended = row_count;
  if appended <> cardinality(p_topic_ids) then
    raise exception 'an event names a topic that does not exist';
  end if;
  perform ring_bell();
end $function$;

CREATE OR REPLACE FUNCTION public.are_acquainted(p_one_id bigint, p_other_id bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT ((p_one_id = p_other_id) OR (EXISTS ( SELECT
            FROM ((workspace_members theirs
              JOIN workspace_members mine ON (((mine.workspace_id = theirs.workspace_id) AND (mine.user_id = are_acquainted.p_one_id) AND (mine.left_seq IS NULL))))
              JOIN workspaces w ON (((w.id = theirs.workspace_id) AND (w.deleted_at IS NULL))))
           WHERE ((theirs.user_id = are_acquainted.p_other_id) AND (theirs.left_seq IS NULL)))) OR (EXISTS ( SELECT
            FROM ((chat_members theirs
              JOIN chat_members mine ON (((mine.chat_id = theirs.chat_id) AND (mine.user_id = are_acquainted.p_one_id) AND (mine.left_seq IS NULL))))
              JOIN chats c ON (((c.id = theirs.chat_id) AND (c.deleted_at IS NULL))))
           WHERE ((theirs.user_id = are_acquainted.p_other_id) AND (theirs.left_seq IS NULL)))));
END;

CREATE OR REPLACE FUNCTION public.asks_second_factor(p_user_id bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT (has_second_factor(p_user_id) OR ((EXISTS ( SELECT
            FROM passkeys k
           WHERE (k.user_id = asks_second_factor.p_user_id))) AND second_factor_required(p_user_id)));
END;

CREATE OR REPLACE FUNCTION public.audit_break(p_through bigint)
 RETURNS bigint
 LANGUAGE sql
 STABLE
RETURN (SELECT min(c."position") AS min FROM (SELECT a."position", a.hash, a.prev_hash, audit_hash(a.*) AS "is", lag(a.hash) OVER chain AS before, lag(a."position") OVER chain AS place FROM audit_log a WHERE (a."position" <= audit_break.p_through) WINDOW chain AS (ORDER BY a."position")) c WHERE ((c.hash IS DISTINCT FROM c."is") OR CASE WHEN (c.place IS NOT NULL) THEN ((c.place <> (c."position" - 1)) OR (c.prev_hash IS DISTINCT FROM c.before)) WHEN (c."position" = 1) THEN (c.prev_hash IS NOT NULL) ELSE (audit_cut(c."position", c.prev_hash) IS NULL) END));

CREATE OR REPLACE FUNCTION public.audit_cut(p_position bigint, p_prev_hash bytea)
 RETURNS bigint
 LANGUAGE sql
 STABLE
RETURN (SELECT max(p."position") AS max FROM audit_log p WHERE ((p.action = 'audit.pruned'::text) AND (p."position" >= audit_cut.p_position) AND (p.detail @> jsonb_build_object('through', (audit_cut.p_position - 1), 'hash', encode(audit_cut.p_prev_hash, 'hex'::text)))));

CREATE OR REPLACE FUNCTION public.audit_event()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  origin jsonb := coalesce(nullif(current_setting('parley.origin', true), '')::jsonb, '{}');
  entry record;
begin
  select x.action, x.target_kind, x.target_id, x.detail into entry from (
    select
      case new.kind
        when 'SessionRevoked' then 'session.ended'
        when 'WorkspaceUpdated' then 'workspace.changed'
        when 'WorkspaceDeleted' then 'workspace.deleted'
        when 'WorkspaceMemberJoined' then 'workspace_member.added'
        when 'WorkspaceMemberLeft' then 'workspace_member.removed'
        when 'WorkspaceMemberUpdated' then 'workspace_member.role_changed'
        when 'ChatUpdated' then 'chat.changed'
        when 'ChatDeleted' then 'chat.deleted'
        when 'MemberJoined' then 'chat_member.added'
        when 'MemberLeft' then 'chat_member.removed'
        when 'MemberUpdated' then 'chat_member.role_changed'
        when 'MessageDeleted' then 'message.removed'
      end as action,
      case when new.kind = 'SessionRevoked' then 'session'
        when new.kind = 'MessageDeleted' then 'message'
        when new.kind like '%Member%' and new.body ? 'user_id' then 'user'
        when new.kind like 'Workspace%' then 'workspace'
        else 'chat' end as target_kind,
      case when new.kind = 'SessionRevoked' then audit_id(new.body, 'session_id')
        when new.kind = 'MessageDeleted' then audit_id(new.body, 'message_id')
        when new.kind like '%Member%' and new.body ? 'user_id' then audit_id(new.body, 'user_id')
        else new.topic_id end as target_id,
      -- Ids, roles and settings; never a name or a text.
      jsonb_strip_nulls(jsonb_build_object(
        'because', (select s.revoked_because from sessions s
          where new.kind = 'SessionRevoked' and s.id = audit_id(new.body, 'session_id')),
        'chat_id', case when new.kind in ('MemberUpdated', 'MessageDeleted') then new.topic_id end,
        'user_ids', coalesce(new.body -> 'user_ids',
          nullif(jsonb_path_query_array(new.body, '$.members[*].id'), '[]')),
        'sender_id', new.body -> 'sender_id',
        'role', new.body -> 'role',
        'type', new.body -> 'type',
        'history', new.body -> 'history',
        'join_policy', new.body -> 'join_policy')) as detail) x;
  insert into audit_log (action, actor_id, session_id, network, request_id, workspace_id, target_kind,
    target_id, detail)
  values (entry.action, coalesce(new.actor_id, case when new.kind = 'SessionRevoked' then new.topic_id end),
    (origin ->> 'session_id')::bigint, coalesce(origin ->> 'network', ''),
    coalesce(origin ->> 'request_id', ''),
    case when new.kind like 'Workspace%' then new.topic_id
      else (select c.workspace_id from chats c where c.id = new.topic_id) end,
    entry.target_kind, entry.target_id, entry.detail);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.audit_hash(a audit_log)
 RETURNS bytea
 LANGUAGE sql
 STABLE
RETURN sha256((COALESCE((a).prev_hash, '\x'::bytea) || convert_to((jsonb_build_array((a).id, (a)."position", EXTRACT(epoch FROM (a).at), (a).action, (a).actor_id, (a).session_id, (a).network, (a).request_id, (a).workspace_id, (a).target_kind, (a).target_id, (a).detail))::text, 'UTF8'::name)));

CREATE OR REPLACE FUNCTION public.audit_id(p_body jsonb, p_name text)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
RETURN ("substring"((p_body ->> p_name), '^[0-9]{1,16}$'::text))::bigint;

CREATE OR REPLACE FUNCTION public.become_picture(p_file_id bigint, p_owner_id bigint, p_state text, p_key text, p_side integer, p_size bigint, p_sha256 bytea)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
begin
  perform 1 from files where id = p_file_id and owner_id = p_owner_id and state = 'stored' for update;
  if not found then return false; end if;
  delete from file_garbage where key = p_key;
  if not found then return false; end if;
  insert into file_garbage (key)
  select f.storage_key::text || coalesce('.' || r.name, '') from files f
  left join lateral (
    select null as name union all select e->>'name' from jsonb_array_elements(f.renditions) e
  ) r on true
  where f.id = p_file_id
  on conflict do nothing;
  update files set state = p_state, storage_key = p_key::uuid, name = p_state || '.webp',
    mime = 'image/webp', size = p_size, sha256 = p_sha256, width = p_side, height = p_side,
    blur_hash = null, duration_ms = null, renditions = '[]', looked_at = clock_timestamp()
  where id = p_file_id;
  return true;
end $function$;

CREATE OR REPLACE FUNCTION public.begin_file(p_owner_id bigint, p_name text, p_bytes bigint, p_user_quota bigint, p_instance_quota bigint)
 RETURNS files
 LANGUAGE plpgsql
AS $function$
declare
  begun files;
begin
  if not reserve_room(p_owner_id, p_bytes, p_user_quota, p_instance_quota) then return null; end if;
  insert into files (owner_id, name, size) values (p_owner_id, p_name, p_bytes) returning * into begun;
  return begun;
end $function$;

CREATE OR REPLACE FUNCTION public.bury()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  execute format('update %I set deleted_at = now() where id = $1 and deleted_at is null', tg_table_name)
    using old.id;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.bury_message()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from chats where id = old.chat_id and deleted_at is not null) then return old; end if;
  update messages set deleted_at = now() where id = old.id;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.caption_file(p_user_id bigint, p_file_id bigint, p_alt text)
 RETURNS files
 LANGUAGE plpgsql
AS $function$
declare
  file files := lock_file(p_file_id);
  captioned files;
begin
  if file.owner_id is distinct from p_user_id
    or not exists (select from visible_files(p_user_id, array[p_file_id])) then return null; end if;
  update files set alt = p_alt where id = p_file_id returning * into captioned;
  if file.alt is distinct from p_alt then perform tell_of_file(file); end if;
  return captioned;
end $function$;

CREATE OR REPLACE FUNCTION public.change_message()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (new.id, new.chat_id, new.seq, new.sender_id) is distinct from (old.id, old.chat_id, old.seq, old.sender_id) then
    raise exception 'a message keeps its id, chat, seq and sender';
  end if;
  if old.deleted_at is not null then return null; end if;
  if new.deleted_at is not null then
    new.content := '';
    new.mentions := '{}';
    new.file_ids := '{}';
  elsif new.file_ids <> old.file_ids then
    raise exception 'a message keeps its files';
  elsif (new.content, new.mentions) is distinct from (old.content, old.mentions) then
    new.edited_at := clock_timestamp();
  elsif new.event_seqs = old.event_seqs then
    return null;
  end if;
  new.event_seqs := old.event_seqs || next_seq(new.chat_id);
  update topics set last_seq = last_seq + 1 where id = new.chat_id;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.chat_members_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from new_rows n join old_rows o using (chat_id, user_id, joined_seq)
      where o.left_seq is null and n.left_seq is not null) then
    perform lock_topics(array(select chat_id from new_rows union select user_id from new_rows));
    if exists (select from new_rows n join old_rows o using (chat_id, user_id, joined_seq)
        join topics t on t.id = n.chat_id
        where o.left_seq is null and n.left_seq <> t.last_seq + 1) then
      raise exception 'a membership closes with left_seq = next_seq(chat_id)';
    end if;
    update chats c set member_count = c.member_count - l.members
    from (
      select chat_id, count(*) as members
      from new_rows n join old_rows o using (chat_id, user_id, joined_seq)
      where o.left_seq is null and n.left_seq is not null group by 1
    ) l where c.id = l.chat_id;
    perform append_events(array_agg(e.chat_id order by e.chat_id, e.part), array_agg('MemberLeft'::text),
      array_agg(jsonb_build_object('chat_id', e.chat_id, 'user_ids', e.user_ids,
        'member_count', c.member_count, 'users', to_jsonb(listed_members(c.id, c.member_count)))
        order by e.chat_id, e.part))
    from (
      select l.chat_id, l.part, jsonb_agg(l.user_id order by l.user_id) as user_ids
      from (
        select chat_id, user_id,
          (row_number() over (partition by chat_id order by user_id) - 1) / 100 as part
        from new_rows n join old_rows o using (chat_id, user_id, joined_seq)
        where o.left_seq is null and n.left_seq is not null
      ) l group by 1, 2
    ) e join chats c on c.id = e.chat_id
    having count(*) > 0;
    perform append_events(array_agg(user_id order by user_id, chat_id), array_agg('RemoveFromChat'::text),
      array_agg(jsonb_build_object('chat_id', chat_id) order by user_id, chat_id))
    from new_rows n join old_rows o using (chat_id, user_id, joined_seq)
    where o.left_seq is null and n.left_seq is not null
    having count(*) > 0;

    -- Where no owner is left, the longest-standing admin follows, or else the longest-standing member.
    -- OFFSET 0 keeps this order: which chats, then who follows in each, then that one row. A plan made
    -- before there are statistics, and kept, would look for the one who follows once for each member.
    update chat_members m set role = 'owner'
    from (
      select c.id as chat_id, heir.user_id, heir.joined_seq
      from (
        select c.id from chats c
        where c.id in (select chat_id from new_rows) and c.type <> 'single' and c.deleted_at is null
          and not exists (
            select from chat_members o
            where o.chat_id = c.id and o.role = 'owner' and o.left_seq is null)
        offset 0
      ) c
      cross join lateral (
        select s.user_id, s.joined_seq from chat_members s
        where s.chat_id = c.id and s.left_seq is null order by s.role, s.joined_seq, s.user_id limit 1
      ) heir
      offset 0
    ) h
    where m.chat_id = h.chat_id and m.user_id = h.user_id and m.joined_seq = h.joined_seq;
  end if;

  perform append_events(array_agg(chat_id order by chat_id, user_id), array_agg('MemberUpdated'::text),
    array_agg(jsonb_build_object('chat_id', chat_id, 'user_id', user_id, 'role', n.role)
      order by chat_id, user_id))
  from new_rows n join old_rows o using (chat_id, user_id, joined_seq)
  where n.left_seq is null and n.role <> o.role
  having count(*) > 0;

  perform append_events(array_agg(user_id order by user_id, chat_id), array_agg('NotificationChanged'::text),
    array_agg(jsonb_build_object('chat_id', chat_id, 'notification', n.notification)
      order by user_id, chat_id))
  from new_rows n join old_rows o using (chat_id, user_id, joined_seq)
  where n.left_seq is null and n.notification <> o.notification
  having count(*) > 0;

  -- last_seq says up to where the counts looked: a client adds what it has beyond it.
  perform append_events(array_agg(user_id order by user_id, chat_id), array_agg('ReadMarkerMoved'::text),
    array_agg(jsonb_build_object('chat_id', chat_id, 'read_seq', n.read_seq,
      'unread_count', unread_count(user_id, chat_id, n.read_seq),
      'mention_count', mention_count(user_id, chat_id, n.read_seq), 'last_seq', t.last_seq)
      order by user_id, chat_id))
  from new_rows n join old_rows o using (chat_id, user_id, joined_seq)
  join topics t on t.id = n.chat_id
  where n.left_seq is null and n.read_seq <> o.read_seq
  having count(*) > 0;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.chat_members_joined()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  founded bigint[];
begin
  perform lock_topics(array(select chat_id from new_rows union select user_id from new_rows));
  select coalesce(array_agg(t.id), '{}') into founded from topics t
  where t.id in (select chat_id from new_rows) and t.last_seq = 0;
  update chats c set member_count = c.member_count + n.members
  from (select chat_id, count(*) as members from new_rows group by 1) n
  where c.id = n.chat_id;

  perform append_events(array_agg(e.chat_id order by e.chat_id, e.part), array_agg('MemberJoined'::text),
    array_agg(jsonb_build_object('chat_id', e.chat_id, 'members', e.members, 'member_count', c.member_count,
      'users', to_jsonb(listed_members(c.id, c.member_count))) order by e.chat_id, e.part))
  from (
    select n.chat_id, n.part,
      jsonb_agg(user_json(u) || jsonb_build_object('role', n.role) order by u.id) as members
    from (
      select chat_id, user_id, role,
        (row_number() over (partition by chat_id order by user_id) - 1) / 100 as part
      from new_rows
    ) n join users u on u.id = n.user_id
    group by 1, 2
  ) e join chats c on c.id = e.chat_id
  having count(*) > 0;

  perform append_events(array_agg(n.user_id order by n.user_id, n.chat_id),
    array_agg(case when n.chat_id = any (founded) then 'NewChat' else 'AddToChat' end
      order by n.user_id, n.chat_id),
    array_agg(jsonb_build_object('chat', to_jsonb(v) - 'member_id', 'users', p.people)
      order by n.user_id, n.chat_id))
  from new_rows n
  cross join lateral (
    select * from member_chats v where v.member_id = n.user_id and v.id = n.chat_id offset 0
  ) v
  join (
    select c.id, users_json(listed_members(c.id, c.member_count)) as people
    from chats c where c.id in (select chat_id from new_rows)
  ) p on p.id = n.chat_id
  having count(*) > 0;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.chats_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform append_events(array_agg(n.id order by n.id), array_agg('ChatUpdated'::text),
    array_agg(jsonb_build_object('chat_id', n.id, 'type', n.type, 'name', n.name,
      'description', n.description, 'history', n.history) order by n.id))
  from new_rows n join old_rows o on o.id = n.id
  where n.deleted_at is null
    and (n.type, n.name, n.description, n.history) is distinct from (o.type, o.name, o.description, o.history)
  having count(*) > 0;

  update chat_members m set read_seq = m.joined_seq
  from new_rows n join old_rows o on o.id = n.id
  where n.history = 'since_join' and o.history <> 'since_join' and n.deleted_at is null
    and m.chat_id = n.id and m.left_seq is null and m.read_seq < m.joined_seq;

  perform append_events(array_agg(n.id order by n.id), array_agg('ChatDeleted'::text),
    array_agg(jsonb_build_object('chat_id', n.id) order by n.id))
  from new_rows n join old_rows o on o.id = n.id
  where n.deleted_at is not null and o.deleted_at is null
  having count(*) > 0;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.close_chat_membership()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update chat_members set left_seq = next_seq(chat_id)
  where chat_id = old.chat_id and user_id = old.user_id and left_seq is null and old.left_seq is null;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.close_workspace_membership()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update workspace_members set left_seq = next_seq(workspace_id)
  where workspace_id = old.workspace_id and user_id = old.user_id and left_seq is null and old.left_seq is null;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.count_files(p_scopes text[], p_ids bigint[], p_bytes numeric[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if not exists (select from unnest(p_bytes) b where b <> 0) then return; end if;
  insert into file_use (scope, id) select distinct i.scope, i.id from unnest(p_scopes, p_ids) i (scope, id)
  order by i.scope, i.id on conflict do nothing;
  perform 1 from file_use u
  where (u.scope, u.id) in (select * from unnest(p_scopes, p_ids)) order by u.scope, u.id for no key update;
  update file_use u set bytes = u.bytes + i.bytes
  from (
    select scope, id, sum(bytes) as bytes from unnest(p_scopes, p_ids, p_bytes) i (scope, id, bytes)
    group by scope, id having sum(bytes) <> 0
  ) i where u.scope = i.scope and u.id = i.id;
end $function$;

CREATE OR REPLACE FUNCTION public.current_actor()
 RETURNS bigint
 LANGUAGE sql
 STABLE
RETURN (NULLIF(current_setting('parley.actor'::text, true), ''::text))::bigint;

CREATE OR REPLACE FUNCTION public.describe_file(p_file_id bigint, p_found jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  file files := lock_file(p_file_id);
  found_of files := jsonb_populate_record(file, p_found);
begin
  if file.id is null then return false; end if;
  if found_of is distinct from file then
    update files set width = found_of.width, height = found_of.height, blur_hash = found_of.blur_hash,
      duration_ms = found_of.duration_ms, text_preview = found_of.text_preview,
      renditions = found_of.renditions
    where id = p_file_id;
    perform tell_of_file(file);
  end if;
  return true;
end $function$;

CREATE OR REPLACE FUNCTION public.dnd_at(p_user_id bigint, p_at timestamp with time zone, OUT dnd_until timestamp with time zone, OUT changes_at timestamp with time zone)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  latest timestamptz;
  coming record;
begin
  select u.dnd_until into dnd_until from users u where u.id = p_user_id and u.dnd_until > p_at;
  if dnd_until = 'infinity' then
    return;
  end if;
  latest := greatest(p_at, dnd_until);
  select * into coming from dnd_window(p_user_id, latest);
  if coming.starts_at <= latest then
    dnd_until := coming.ends_at;
  end if;
  changes_at := coalesce(dnd_until, coming.starts_at);
end $function$;

CREATE OR REPLACE FUNCTION public.dnd_window(p_user_id bigint, p_at timestamp with time zone)
 RETURNS TABLE(starts_at timestamp with time zone, ends_at timestamp with time zone)
 LANGUAGE sql
 STABLE
AS $function$
  select w.starts_at, w.ends_at
  from dnd_schedules s
  cross join generate_series(-1, 7) as ahead
  cross join lateral (select (p_at at time zone s.time_zone)::date + ahead as day) d
  cross join lateral (select
    (d.day + s.from_time) at time zone s.time_zone as starts_at,
    (d.day + (s.to_time < s.from_time)::integer + s.to_time) at time zone s.time_zone as ends_at) w
  where s.user_id = p_user_id
    and extract(dow from d.day)::smallint = any (s.weekdays)
    and w.starts_at < w.ends_at and w.ends_at > p_at
    and (s.skipped_until is null or w.starts_at >= s.skipped_until)
  order by w.starts_at limit 1
$function$;

CREATE OR REPLACE FUNCTION public.drop_event_partitions(retention_days integer)
 RETURNS SETOF text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  name text;
  last_xid xid8;
begin
  if retention_days < 1 then
    raise exception 'events are kept for a day at least' using errcode = 'invalid_parameter_value';
  end if;
  perform pg_advisory_xact_lock(hashtext('event_log partitions'));
  for name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'event_log'::regclass and c.relname <> 'event_log_default'
      and to_date(right(c.relname, 10), 'YYYY_MM_DD') < (now() at time zone 'UTC')::date - retention_days
    order by 1
  loop
    execute format('select max(xid) from %I', name) into last_xid;
    update log_meta set dropped_through = greatest(dropped_through, coalesce(last_xid, '0'));
    execute format('drop table %I', name);
    return next name;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.drop_openid_links()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from openid_links where user_id = new.id;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.drop_resets()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from password_resets where user_id = new.id;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.drop_tickets()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  delete from event_tickets where expires_at < now() - interval '1 hour'
$function$;

CREATE OR REPLACE FUNCTION public.end_passkeys()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from passkeys where user_id = new.id;
  delete from passkey_challenges where user_id = new.id;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.end_second_factors()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from pending_sign_ins where user_id = new.id;
  if new.status = 'erased' then
    delete from totp_secrets where user_id = new.id;
    delete from recovery_codes where user_id = new.id;
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.end_sessions_due(p_user_ids bigint[])
 RETURNS void
 LANGUAGE sql
BEGIN ATOMIC
 UPDATE sessions s SET revoked_at = now(), revoked_because = 'second factor required'::text
   WHERE (s.id IN ( SELECT d.id
            FROM sessions d
           WHERE ((d.revoked_at IS NULL) AND (d.last_used_at > (now() - '00:30:00'::interval)) AND ((end_sessions_due.p_user_ids IS NULL) OR (d.user_id = ANY (end_sessions_due.p_user_ids))) AND second_factor_due(d.id))
           ORDER BY d.last_used_at DESC
          LIMIT 10000));
END;

CREATE OR REPLACE FUNCTION public.erase_account(p_user_id bigint)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  name text := 'deleted-user-' || p_user_id;
  talks bigint[];
begin
  perform lock_topics(array(
    select p_user_id
    union select workspace_id from workspace_members where user_id = p_user_id and left_seq is null
    union select chat_id from chat_members where user_id = p_user_id and left_seq is null));
  if exists (
    select from workspace_members m join workspaces w on w.id = m.workspace_id and w.deleted_at is null
    where m.user_id = p_user_id and m.left_seq is null and m.role = 'owner' and w.member_count > 1
      and not exists (
        select from workspace_members o
        where o.workspace_id = w.id and o.role = 'owner' and o.left_seq is null and o.user_id <> p_user_id)
  ) then return false; end if;

  -- Told while they are still among those who know them.
  while exists (select from users where lower(username) = name) loop name := name || '_'; end loop;
  update users set username = name, email = gen_random_uuid() || '@erased.invalid', password_hash = 'none',
    status = 'erased', avatar_id = null, dnd_until = null
  where id = p_user_id;
  delete from dnd_schedules where user_id = p_user_id;
  delete from sessions where user_id = p_user_id;
  delete from files where owner_id = p_user_id and state in ('pending', 'stored');

  delete from workspaces w using workspace_members m
  where m.workspace_id = w.id and m.user_id = p_user_id and m.left_seq is null
    and w.member_count = 1 and w.deleted_at is null;
  delete from workspace_members m using workspaces w
  where w.id = m.workspace_id and w.deleted_at is null and m.user_id = p_user_id and m.left_seq is null;

  -- A direct message stays with the other person, unless they are gone as well.
  talks := array(
    select c.id from chat_members m join chats c on c.id = m.chat_id
    where m.user_id = p_user_id and c.type <> 'public_channel' and c.deleted_at is null);
  delete from chat_members m using chats c
  where c.id = m.chat_id and c.type <> 'single' and c.id = any (talks)
    and m.user_id = p_user_id and m.left_seq is null;
  delete from chats c
  where c.id = any (talks) and c.deleted_at is null and not exists (
    select from chat_members m join users u on u.id = m.user_id and u.status <> 'erased'
    where m.chat_id = c.id and m.left_seq is null);
  return true;
end $function$;

CREATE OR REPLACE FUNCTION public.file_json(f files)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
RETURN jsonb_build_object('id', (f).id, 'url', ('/api/files/'::text || (f).id), 'name', (f).name, 'mime', (f).mime, 'size', (f).size, 'alt', (f).alt, 'width', (f).width, 'height', (f).height, 'blur_hash', (f).blur_hash, 'duration_ms', (f).duration_ms, 'text_preview', (f).text_preview, 'renditions', jsonb_path_query_array((f).renditions, '$[*]."name"'::jsonpath));

CREATE OR REPLACE FUNCTION public.files_counted()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform count_files(array_agg(c.scope), array_agg(c.id), array_agg(c.bytes)) from (
    select s.scope, s.id, n.size::numeric as bytes from new_rows n
    left join chats c on c.id = n.chat_id
    cross join lateral (values ('instance', 0), ('user', n.owner_id), ('workspace', c.workspace_id)) s (scope, id)
    where s.id is not null
  ) c having count(*) > 0;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.files_json(p_ids bigint[])
 RETURNS jsonb
 LANGUAGE sql
 STABLE
RETURN CASE WHEN (p_ids = '{}'::bigint[]) THEN '[]'::jsonb ELSE listed_files(p_ids) END;

CREATE OR REPLACE FUNCTION public.files_recounted()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform count_files(array_agg(c.scope), array_agg(c.id), array_agg(c.bytes)) from (
    select s.scope, s.id, sum(f.bytes) as bytes
    from (
      select owner_id, chat_id, size::numeric as bytes from new_rows
      union all select owner_id, chat_id, -size::numeric from old_rows
    ) f
    left join chats c on c.id = f.chat_id
    cross join lateral (values ('instance', 0), ('user', f.owner_id), ('workspace', c.workspace_id)) s (scope, id)
    where s.id is not null
    group by s.scope, s.id having sum(f.bytes) <> 0
  ) c having count(*) > 0;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.files_removed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into file_garbage (key)
  select o.storage_key::text || coalesce('.' || r.name, '') from old_rows o
  left join lateral (
    select null as name union all select e->>'name' from jsonb_array_elements(o.renditions) e
  ) r on true
  on conflict do nothing;
  perform count_files(array_agg(c.scope), array_agg(c.id), array_agg(c.bytes)) from (
    select s.scope, s.id, -o.size::numeric as bytes from old_rows o
    left join chats c on c.id = o.chat_id
    cross join lateral (values ('instance', 0), ('user', o.owner_id), ('workspace', c.workspace_id)) s (scope, id)
    where s.id is not null
  ) c having count(*) > 0;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.found_workspace(p_user_id bigint, p_name text, p_join_policy text)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  founded bigint;
  general bigint;
begin
  insert into workspaces (name, join_policy, created_by) values (p_name, p_join_policy, p_user_id)
  returning id into founded;
  insert into workspace_members (workspace_id, user_id, role) values (founded, p_user_id, 'owner');
  insert into chats (type, workspace_id, name, is_general, created_by)
  values ('public_channel', founded, 'general', true, p_user_id)
  returning id into general;
  insert into chat_members (chat_id, user_id, role) values (general, p_user_id, 'owner');
  return founded;
end $function$;

CREATE OR REPLACE FUNCTION public.grow_file(p_file_id bigint, p_bytes bigint, p_user_quota bigint, p_instance_quota bigint)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  owner bigint;
begin
  select owner_id into owner from files where id = p_file_id for update;
  if owner is null or not reserve_room(owner, p_bytes, p_user_quota, p_instance_quota) then return false; end if;
  update files set size = size + p_bytes where id = p_file_id and state = 'pending';
  return found;
end $function$;

CREATE OR REPLACE FUNCTION public.guard_admins()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.status = 'erased' then new.is_admin := false; end if;
  if old.is_admin and old.status = 'active' and not (new.is_admin and new.status = 'active') then
    perform pg_advisory_xact_lock(hashtextextended('parley administrators', 0));
    if not exists (select from users u where u.is_admin and u.status = 'active' and u.id <> new.id) then
      raise exception 'somebody has to administer the instance'
        using errcode = 'check_violation', constraint = 'users_last_admin';
    end if;
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.guard_audit()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' then
    if old.hash is null and to_jsonb(new) - '{position,prev_hash,hash}'::text[]
      = to_jsonb(old) - '{position,prev_hash,hash}'::text[] then return new; end if;
  elsif tg_op = 'DELETE' then
    if old.at < now() - interval '30 days' then return old; end if;
  end if;
  raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end $function$;

CREATE OR REPLACE FUNCTION public.has_second_factor(p_user_id bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM totp_secrets t
           WHERE ((t.user_id = has_second_factor.p_user_id) AND (t.confirmed_at IS NOT NULL)))) AS "exists";
END;

CREATE OR REPLACE FUNCTION public.instance_requires_second_factor()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform end_sessions_due(null);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.join_workspace(p_workspace_id bigint, p_user_id bigint, p_role text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  general bigint;
begin
  select id into general from chats
  where workspace_id = p_workspace_id and is_general and deleted_at is null;
  perform lock_topics(array[p_workspace_id, p_user_id, general]);
  if exists (select from workspaces where id = p_workspace_id and deleted_at is not null) then
    return false;
  end if;
  insert into workspace_members (workspace_id, user_id, role) values (p_workspace_id, p_user_id, p_role)
  on conflict (workspace_id, user_id) where left_seq is null do nothing;
  if not found then return false; end if;
  insert into chat_members (chat_id, user_id)
  select general, p_user_id where general is not null
  on conflict (chat_id, user_id) where left_seq is null do nothing;
  return true;
end $function$;

CREATE OR REPLACE FUNCTION public.keep_epoch()
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  known log_meta;
  here record;
begin
  select * into here from log_identity();
  select * into known from log_meta;
  here.system_identifier := coalesce(here.system_identifier, known.system_identifier);
  here.timeline := coalesce(here.timeline, known.timeline);
  if (known.system_identifier, known.timeline, known.made_as)
    is not distinct from (here.system_identifier, here.timeline, here.made_as) then
    return known.epoch;
  end if;
  -- Of servers that notice together the first one does it; the others find it done.
  perform pg_advisory_xact_lock(hashtext('parley epoch'));
  select * into known from log_meta for update;
  if known.system_identifier <> here.system_identifier then
    -- No server of this cluster gave these xids out: what it takes for past or future is chance.
    truncate event_log;
    update log_meta set dropped_through = '0';
  end if;
  if known.system_identifier <> here.system_identifier or known.timeline <> here.timeline
    or known.made_as <> here.made_as then
    known.epoch := start_epoch();
  end if;
  update log_meta set system_identifier = here.system_identifier, timeline = here.timeline,
    made_as = here.made_as;
  return known.epoch;
end $function$;

CREATE OR REPLACE FUNCTION public.listed_files(p_ids bigint[])
 RETURNS jsonb
 LANGUAGE sql
 STABLE
RETURN COALESCE((SELECT jsonb_agg(file_json(f.*) ORDER BY i.n) AS jsonb_agg FROM (unnest(listed_files.p_ids) WITH ORDINALITY i(id, n) JOIN files f ON ((f.id = i.id)))), '[]'::jsonb);

CREATE OR REPLACE FUNCTION public.listed_members(p_chat_id bigint, p_member_count integer)
 RETURNS bigint[]
 LANGUAGE sql
 STABLE
RETURN CASE WHEN (p_member_count > 100) THEN '{}'::bigint[] ELSE COALESCE((SELECT array_agg(m.user_id ORDER BY m.user_id) AS array_agg FROM chat_members m WHERE ((m.chat_id = listed_members.p_chat_id) AND (m.left_seq IS NULL))), '{}'::bigint[]) END;

CREATE OR REPLACE FUNCTION public.lock_file(p_file_id bigint)
 RETURNS files
 LANGUAGE plpgsql
AS $function$
declare
  seen bigint;
  locked files;
begin
  loop
    select chat_id into seen from files where id = p_file_id and state in ('stored', 'attached');
    if not found then return null; end if;
    if seen is not null then perform lock_topics(array[seen]); end if;
    select * into locked from files
    where id = p_file_id and chat_id is not distinct from seen and state in ('stored', 'attached')
    for update;
    if found then return locked; end if;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.lock_topics(p_ids bigint[])
 RETURNS void
 LANGUAGE sql
BEGIN ATOMIC
 SELECT 1
    FROM topics
   WHERE (topics.id = ANY (lock_topics.p_ids))
   ORDER BY topics.id
  FOR NO KEY UPDATE OF topics;
END;

CREATE OR REPLACE FUNCTION public.log_cursor()
 RETURNS text
 LANGUAGE sql
 STABLE
RETURN (SELECT ((log_meta.epoch || '.'::text) || LEAST(((pg_snapshot_xmin(pg_current_snapshot()))::text)::bigint, (((log_horizon())::text)::bigint + 1))) FROM log_meta);

CREATE OR REPLACE FUNCTION public.log_horizon()
 RETURNS xid8
 LANGUAGE sql
 STABLE
RETURN GREATEST((SELECT max(event_log.xid) AS max FROM event_log), (SELECT log_meta.dropped_through FROM log_meta));

CREATE OR REPLACE FUNCTION public.log_identity(OUT system_identifier text, OUT timeline text, OUT made_as text)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
AS $function$
begin
  made_as := (select d.oid::text from pg_database d where d.datname = current_database())
    || '/' || ('log_meta'::regclass::oid)::text;
  begin
    system_identifier := (select c.system_identifier from pg_control_system() c);
    timeline := left(pg_walfile_name(pg_current_wal_lsn()), 8);
  exception when insufficient_privilege or feature_not_supported then
    null;
  end;
end $function$;

CREATE OR REPLACE FUNCTION public.make_event_partitions(days_ahead integer)
 RETURNS SETOF text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  day date;
  name text;
begin
  perform pg_advisory_xact_lock(hashtext('event_log partitions'));
  for day in
    select distinct d from (
      select (now() at time zone 'UTC')::date + n as d from generate_series(0, days_ahead) n
      union all
      select (l.at at time zone 'UTC')::date from event_log_default l
    ) days order by d
  loop
    name := 'event_log_' || to_char(day, 'YYYY_MM_DD');
    continue when to_regclass(name) is not null;
    execute format('create table %I (like event_log including defaults including constraints)', name);
    execute format(
      'with moved as (delete from event_log_default where at >= %L and at < %L returning *)
       insert into %I select * from moved',
      day::text || ' 00:00Z', (day + 1)::text || ' 00:00Z', name);
    execute format('alter table event_log attach partition %I for values from (%L) to (%L)',
      name, day::text || ' 00:00Z', (day + 1)::text || ' 00:00Z');
    return next name;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.make_topics()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into topics (id, kind) select id, tg_argv[0] from new_rows;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.mention_count(p_user_id bigint, p_chat_id bigint, p_read_seq bigint)
 RETURNS integer
 LANGUAGE sql
 STABLE
RETURN (SELECT (count(*))::integer AS count FROM message_mentions m WHERE ((m.user_id = mention_count.p_user_id) AND (m.chat_id = mention_count.p_chat_id) AND (m.seq > mention_count.p_read_seq)));

CREATE OR REPLACE FUNCTION public.message_json(m messages)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
RETURN jsonb_build_object('id', (m).id, 'chat_id', (m).chat_id, 'seq', (m).seq, 'sender_id', (m).sender_id, 'content', (m).content, 'files', files_json((m).file_ids), 'nonce', (m).nonce, 'reply_to', (m).reply_to, 'mentions', to_jsonb((m).mentions), 'reactions', '[]'::jsonb, 'edited_at', rfc3339((m).edited_at), 'deleted_at', rfc3339((m).deleted_at), 'created_at', rfc3339((m).created_at));

CREATE OR REPLACE FUNCTION public.message_seq_at(p_chat_id bigint, p_at timestamp with time zone)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  low bigint := 0;
  high bigint := (select last_seq + 1 from topics where id = p_chat_id);
  middle bigint;
  near record;
begin
  while low < high loop
    middle := (low + high) / 2;
    select m.seq, m.created_at into near from messages m
    where m.chat_id = p_chat_id and m.seq >= middle and m.seq < high order by m.seq limit 1;
    if found and near.created_at < p_at then
      low := near.seq + 1;
    else
      high := middle;
    end if;
  end loop;
  return low;
end $function$;

CREATE OR REPLACE FUNCTION public.messages_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into event_log (topic_id, seq, kind, actor_id, body)
  select n.chat_id, n.event_seqs[cardinality(n.event_seqs)],
    case when n.deleted_at is null then 'MessageUpdated' else 'MessageDeleted' end,
    coalesce(current_actor(), n.sender_id),
    case when n.deleted_at is null
      then jsonb_build_object('message', message_json(n::messages), 'mentions_before', to_jsonb(o.mentions),
        'since_join', c.history = 'since_join')
      else jsonb_build_object('chat_id', n.chat_id, 'message_id', n.id, 'message_seq', n.seq,
        'sender_id', n.sender_id, 'mentions', to_jsonb(o.mentions), 'deleted_at', rfc3339(n.deleted_at))
    end
  from new_rows n join old_rows o on o.id = n.id join chats c on c.id = n.chat_id
  order by n.chat_id, n.event_seqs[cardinality(n.event_seqs)];

  delete from message_mentions m using new_rows n where m.chat_id = n.chat_id and m.seq = n.seq;
  insert into message_mentions (user_id, chat_id, seq)
  select distinct u, n.chat_id, n.seq from new_rows n cross join unnest(n.mentions) u
  where u <> n.sender_id;

  if exists (select from new_rows n where n.deleted_at is not null) then
    delete from files f using new_rows n where n.deleted_at is not null and f.message_id = n.id;

    -- What was deleted is gone from the log too. Whom it mentioned stays: who is away still has to
    -- take those out of their counts one by one.
    update event_log l set body = jsonb_set(jsonb_set(jsonb_set(l.body, '{message,content}', '""'),
      '{message,files}', '[]'), '{message,deleted_at}', to_jsonb(rfc3339(n.deleted_at)))
    from new_rows n
    where n.deleted_at is not null and l.topic_id = n.chat_id and l.seq = any (n.seq || n.event_seqs)
      and l.kind in ('NewMessage', 'MessageUpdated');
  end if;
  perform ring_bell();
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.messages_sent()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  wanted bigint;
  taken bigint;
begin
  select coalesce(sum(cardinality(file_ids)), 0) into wanted from new_rows where file_ids <> '{}';
  if wanted > 0 then
    update files f set state = 'attached', message_id = n.id, chat_id = n.chat_id
    from new_rows n cross join unnest(n.file_ids) i (id)
    where f.id = i.id and f.state = 'stored' and f.owner_id = n.sender_id;
    get diagnostics taken = row_count;
    if taken <> wanted then
      raise exception 'a message takes only stored files of its sender''s, each once';
    end if;
  end if;

  insert into event_log (topic_id, seq, kind, actor_id, body)
  select n.chat_id, n.seq, 'NewMessage', n.sender_id,
    jsonb_build_object('message', message_json(n::messages))
  from new_rows n order by n.chat_id, n.seq;
  insert into message_mentions (user_id, chat_id, seq)
  select distinct u, n.chat_id, n.seq from new_rows n cross join unnest(n.mentions) u
  where n.mentions <> '{}' and u <> n.sender_id;
  perform ring_bell();
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.move_read_markers(p_chat_ids bigint[], p_user_ids bigint[], p_seqs bigint[], p_lock_timeout_ms integer DEFAULT 0)
 RETURNS TABLE(n integer, outcome text)
 LANGUAGE plpgsql
AS $function$
begin
  perform set_config('lock_timeout', p_lock_timeout_ms::text, true);
  -- In one order, so that two servers doing the same never wait for each other; and the people's
  -- topics, which get the events, before the memberships, as whoever removes a member does.
  perform lock_topics(p_user_ids);
  perform 1 from chat_members m
  where (m.chat_id, m.user_id) in (select * from unnest(p_chat_ids, p_user_ids)) and m.left_seq is null
  order by m.chat_id, m.user_id for no key update;
  return query
  with input as (
    select i.n::integer, i.chat_id, i.user_id, greatest(i.seq, m.least_seq) as seq, case
      when m.least_seq is null then 'not_member'
      when i.seq > t.last_seq then 'beyond'
      else 'moved' end as outcome
    from unnest(p_chat_ids, p_user_ids, p_seqs) with ordinality i (chat_id, user_id, seq, n)
    left join lateral (
      select case c.history when 'since_join' then m.joined_seq else 0 end as least_seq
      from chat_members m join chats c on c.id = m.chat_id and c.deleted_at is null
      where m.chat_id = i.chat_id and m.user_id = i.user_id and m.left_seq is null offset 0
    ) m on true
    left join topics t on t.id = i.chat_id
  ), latest as (
    select distinct on (i.chat_id, i.user_id) i.* from input i where i.outcome = 'moved'
    order by i.chat_id, i.user_id, i.n desc
  ), moved as (
    update chat_members m set read_seq = l.seq from latest l
    where m.chat_id = l.chat_id and m.user_id = l.user_id and m.left_seq is null and m.read_seq <> l.seq
  )
  select i.n, i.outcome from input i order by i.n;
end $function$;

CREATE OR REPLACE FUNCTION public.next_id(ids regclass)
 RETURNS bigint
 LANGUAGE sql
RETURN (((((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric))::bigint - '1420070400000'::bigint) << 12) | (nextval(ids) & (4095)::bigint));

CREATE OR REPLACE FUNCTION public.next_seq(p_topic_id bigint)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  seq bigint;
begin
  select last_seq + 1 into strict seq from topics where id = p_topic_id for no key update;
  return seq;
end $function$;

CREATE OR REPLACE FUNCTION public.number_message()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update topics set last_seq = last_seq + 1 where id = new.chat_id returning last_seq into strict new.seq;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.open_chat_membership()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.joined_seq := next_seq(new.chat_id);
  new.read_seq := new.joined_seq;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.open_workspace_membership()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.joined_seq := next_seq(new.workspace_id);
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.prune_audit(retention_days integer)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  most constant integer := 10000;
  first bigint;
  last record;
  dropped bigint;
begin
  if coalesce(retention_days, 0) < 30 then
    raise exception 'the audit log is kept for thirty days at least' using errcode = 'invalid_parameter_value';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('parley audit pruning', 0));
  select min(a.position) into first from audit_log a;
  select a.position, a.hash into last from audit_log a
  where a.position = -1 + least(
    first + most,
    (select e.position from audit_end e),
    (select y.position from audit_log y
      where y.position is not null and y.at >= now() - retention_days * interval '1 day'
      order by y.position limit 1));
  if not found then return 0; end if;
  if audit_break(last.position) is not null then
    raise exception 'the audit log is not as it was written, and nothing of it is dropped'
      using errcode = 'data_corrupted';
  end if;
  delete from audit_log where position <= last.position;
  get diagnostics dropped = row_count;
  insert into audit_log (action, detail)
  values ('audit.pruned',
    jsonb_build_object('entries', dropped, 'through', last.position, 'hash', encode(last.hash, 'hex')));
  return dropped;
end $function$;

CREATE OR REPLACE FUNCTION public.purge_deleted_chats(p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  doomed bigint[];
begin
  doomed := array(
    select m.id from messages m
    where m.chat_id in (select id from chats where deleted_at is not null) limit p_limit);
  delete from files where message_id = any (doomed);
  delete from event_log l using messages d
  where d.id = any (doomed) and l.topic_id = d.chat_id and l.seq = any (d.seq || d.event_seqs);
  delete from message_mentions m using messages d
  where d.id = any (doomed) and m.chat_id = d.chat_id and m.seq = d.seq;
  delete from messages where id = any (doomed);
  return cardinality(doomed);
end $function$;

CREATE OR REPLACE FUNCTION public.reserve_room(p_owner_id bigint, p_bytes bigint, p_user_quota bigint, p_instance_quota bigint)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
begin
  insert into file_use (scope, id) values ('instance', 0), ('user', p_owner_id) on conflict do nothing;
  perform 1 from file_use u
  where (u.scope, u.id) in (('instance', 0), ('user', p_owner_id)) order by u.scope, u.id for no key update;
  return not exists (
    select from file_use u
    where (u.scope, u.id, true) in (('instance', 0, p_instance_quota > 0), ('user', p_owner_id, p_user_quota > 0))
      and u.bytes + p_bytes > case u.scope when 'user' then p_user_quota else p_instance_quota end);
end $function$;

CREATE OR REPLACE FUNCTION public.rfc3339(at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN to_char((at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'::text);

CREATE OR REPLACE FUNCTION public.ring_bell()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if current_setting('parley.bell', true) is distinct from 'off' then
    perform pg_notify('bell', '');
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.seal_audit()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  sealed audit_log;
  last audit_end;
begin
  select * into strict last from audit_end for update;
  select * into sealed from audit_log where id = new.id;
  sealed.position := last.position + 1;
  sealed.prev_hash := last.hash;
  sealed.hash := audit_hash(sealed);
  update audit_log set position = sealed.position, prev_hash = sealed.prev_hash, hash = sealed.hash
  where id = new.id;
  update audit_end set position = sealed.position, hash = sealed.hash;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.second_factor_due(p_session_id bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM sessions s
           WHERE ((s.id = second_factor_due.p_session_id) AND (NOT s.by_provider) AND (NOT has_second_factor(s.user_id)) AND (NOT (EXISTS ( SELECT
                    FROM passkeys k
                   WHERE (k.user_id = s.user_id)))) AND second_factor_required(s.user_id)))) AS "exists";
END;

CREATE OR REPLACE FUNCTION public.second_factor_required(p_user_id bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT ((EXISTS ( SELECT
            FROM instance_policy p
           WHERE p.requires_second_factor)) OR (EXISTS ( SELECT
            FROM (workspace_members m
              JOIN workspaces w ON (((w.id = m.workspace_id) AND (w.deleted_at IS NULL) AND w.requires_second_factor)))
           WHERE ((m.user_id = second_factor_required.p_user_id) AND (m.left_seq IS NULL)))));
END;

CREATE OR REPLACE FUNCTION public.send_messages(p_chat_ids bigint[], p_sender_ids bigint[], p_contents text[], p_nonces text[], p_reply_tos bigint[], p_mentions text[], p_lock_timeout_ms integer DEFAULT 0, p_files text[] DEFAULT NULL::text[], p_workspace_quota bigint DEFAULT 0)
 RETURNS TABLE(n integer, outcome text, message messages)
 LANGUAGE plpgsql
AS $function$
declare
  wanted bigint[];
begin
  perform set_config('lock_timeout', p_lock_timeout_ms::text, true);
  perform lock_topics(p_chat_ids);
  if p_files is not null then
    wanted := array(select distinct f::bigint from unnest(p_files) one cross join string_to_table(one, ',') f);
    perform 1 from files f where f.id = any (wanted) order by f.id for update;
    insert into file_use (scope, id) select distinct 'workspace', c.workspace_id from chats c
    where c.id = any (p_chat_ids) and c.workspace_id is not null order by 2 on conflict do nothing;
    perform 1 from file_use u where u.scope = 'workspace' and u.id in (
      select c.workspace_id from chats c where c.id = any (p_chat_ids)) order by u.id for no key update;
  end if;
  return query
  with input as (
    select i.n::integer, i.chat_id, i.sender_id, i.content, i.nonce, i.reply_to, i.names,
      case when i.files is null then '{}' else string_to_array(i.files, ',')::bigint[] end as file_ids
    from unnest(p_chat_ids, p_sender_ids, p_contents, p_nonces, p_reply_tos, p_mentions, p_files)
      with ordinality i (chat_id, sender_id, content, nonce, reply_to, names, files, n)
  ), judged as (
    select i.*, k.known, m.workspace_id, case
      when m.history is null then 'not_member'
      when k.id is not null then 'known'
      when i.reply_to is not null and not exists (
        select from messages r where r.id = i.reply_to and r.chat_id = i.chat_id and r.deleted_at is null
          and (m.history = 'all' or exists (
            select from chat_members s where s.chat_id = i.chat_id and s.user_id = i.sender_id
              and s.joined_seq < r.seq and (s.left_seq is null or r.seq < s.left_seq) offset 0))
        ) then 'no_reply'
      when i.file_ids <> '{}' and cardinality(i.file_ids) <> (
        select count(*) from files f
        where f.id = any (i.file_ids) and f.owner_id = i.sender_id and f.state = 'stored') then 'no_file'
      else 'created' end as outcome
    from input i
    left join lateral (
      select c.history, c.workspace_id from chat_members m
      join chats c on c.id = m.chat_id and c.deleted_at is null
      join users u on u.id = m.user_id and u.status = 'active'
      where m.chat_id = i.chat_id and m.user_id = i.sender_id and m.left_seq is null offset 0
    ) m on true
    left join lateral (
      select k.id, k as known from messages k
      where k.chat_id = i.chat_id and k.sender_id = i.sender_id and k.nonce = i.nonce offset 0
    ) k on i.nonce is not null
  ), single as (
    -- The same nonce twice in one call is one message.
    select distinct on (j.chat_id, j.sender_id, j.nonce, case when j.nonce is null then j.n end) j.*
    from judged j where j.outcome = 'created'
    order by j.chat_id, j.sender_id, j.nonce, case when j.nonce is null then j.n end, j.n
  ), loads as (
    -- The same file in two messages of one call goes with the first.
    select s.n,
      exists (select from single e where e.n < s.n and e.file_ids && s.file_ids) as taken,
      p_workspace_quota > 0 and s.workspace_id is not null
        and coalesce(u.bytes, 0) + sum((select sum(f.size) from files f where f.id = any (s.file_ids)))
          over (partition by s.workspace_id order by s.n) > p_workspace_quota as is_full
    from single s left join file_use u on u.scope = 'workspace' and u.id = s.workspace_id
    where s.file_ids <> '{}'
  ), fresh as (
    select s.* from single s
    where s.file_ids = '{}' or s.n in (select l.n from loads l where not (l.taken or l.is_full))
  ), bumped as (
    update topics t set last_seq = t.last_seq + f.messages
    from (select f.chat_id, count(*) as messages from fresh f group by 1) f
    where t.id = f.chat_id
    returning t.id, t.last_seq - f.messages as base
  ), inserted as (
    insert into messages as m (chat_id, seq, sender_id, content, nonce, reply_to, mentions, file_ids)
    select f.chat_id, b.base + row_number() over (partition by f.chat_id order by f.n), f.sender_id,
      f.content, f.nonce, f.reply_to, case when f.names is null then '{}' else array(
        select u.id from unnest(string_to_array(f.names, ' ')) name
        cross join lateral (select u.id from users u where lower(u.username) = name offset 0) u
        cross join lateral (
          select from chat_members cm
          where cm.chat_id = f.chat_id and cm.user_id = u.id and cm.left_seq is null offset 0) cm
        group by u.id order by u.id) end, f.file_ids
    from fresh f join bumped b on b.id = f.chat_id
    returning m as message, m.chat_id, m.seq
  ), placed as materialized (
    -- FULL, though each has its other: that is never done row by row, which takes 500 x 500 comparisons
    -- where the planner expects one row of each.
    select f.*, i.message from (
      select f.n, f.chat_id, f.sender_id, f.nonce,
        b.base + row_number() over (partition by f.chat_id order by f.n) as seq
      from fresh f join bumped b on b.id = f.chat_id
    ) f full join inserted i on i.chat_id = f.chat_id and i.seq = f.seq
  )
  select j.n, case
      when j.outcome <> 'created' then j.outcome
      when p.n is null then coalesce((
        select 'full' from loads l where l.n = j.n and l.is_full and not l.taken), 'no_file')
      when p.n <> j.n then 'known'
      else 'created' end,
    coalesce(p.message, j.known)
  from judged j
  left join placed p on p.chat_id = j.chat_id and p.sender_id = j.sender_id
    and (p.n = j.n or p.nonce = j.nonce)
  order by j.n;
end $function$;

CREATE OR REPLACE FUNCTION public.sessions_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform append_events(array_agg(n.user_id order by n.id), array_agg('SessionRevoked'::text),
    array_agg(jsonb_build_object('session_id', n.id) order by n.id))
  from new_rows n join old_rows o on o.id = n.id
  where o.revoked_at is null and n.revoked_at is not null
  having count(*) > 0;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.sessions_removed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform append_events(array_agg(o.user_id order by o.id), array_agg('SessionRevoked'::text),
    array_agg(jsonb_build_object('session_id', o.id) order by o.id))
  from old_rows o
  where o.revoked_at is null and o.expires_at > now()
  having count(*) > 0;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.start_epoch()
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  started text;
begin
  update log_meta set epoch = left(replace(gen_random_uuid()::text, '-', ''), 8)
  returning epoch into started;
  return started;
end $function$;

CREATE OR REPLACE FUNCTION public.take_ticket(p_hash bytea)
 RETURNS SETOF event_tickets
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  delete from event_tickets where hash = p_hash and expires_at > now() returning *
$function$;

CREATE OR REPLACE FUNCTION public.tell_of_file(p_file files)
 RETURNS void
 LANGUAGE sql
BEGIN ATOMIC
 UPDATE messages SET event_seqs = (messages.event_seqs || (0)::bigint)
   WHERE (messages.id = (tell_of_file.p_file).message_id);
END;

CREATE OR REPLACE FUNCTION public.topics_naming(p_user_ids bigint[])
 RETURNS TABLE(topic_id bigint, user_id bigint)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT u.u,
     u.u
    FROM unnest(topics_naming.p_user_ids) u(u)
 UNION ALL
  SELECT m.workspace_id,
     m.user_id
    FROM (workspace_members m
      JOIN workspaces w ON (((w.id = m.workspace_id) AND (w.deleted_at IS NULL))))
   WHERE ((m.user_id = ANY (topics_naming.p_user_ids)) AND (m.left_seq IS NULL))
 UNION ALL
  SELECT m.chat_id,
     m.user_id
    FROM (chat_members m
      JOIN chats c ON (((c.id = m.chat_id) AND (c.workspace_id IS NULL) AND (c.deleted_at IS NULL))))
   WHERE ((m.user_id = ANY (topics_naming.p_user_ids)) AND (m.left_seq IS NULL));
END;

CREATE OR REPLACE FUNCTION public.unread_count(p_user_id bigint, p_chat_id bigint, p_read_seq bigint)
 RETURNS integer
 LANGUAGE sql
 STABLE
RETURN (SELECT (count(*))::integer AS count FROM (SELECT FROM messages m WHERE ((m.chat_id = unread_count.p_chat_id) AND (m.seq > unread_count.p_read_seq) AND (m.sender_id <> unread_count.p_user_id) AND (m.deleted_at IS NULL)) ORDER BY m.seq LIMIT 1000) unread);

CREATE OR REPLACE FUNCTION public.user_administered()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  origin jsonb := coalesce(nullif(current_setting('parley.origin', true), '')::jsonb, '{}');
begin
  if new.status = 'erased' then return null; end if;
  if new.is_admin <> old.is_admin then
    perform append_events(array[new.id], array['AdminChanged'],
      array[jsonb_build_object('is_admin', new.is_admin)]);
    if new.is_admin then delete from setup_tokens; end if;
  end if;
  insert into audit_log (action, actor_id, session_id, network, request_id, target_kind, target_id)
  select a.action, current_actor(), (origin ->> 'session_id')::bigint, coalesce(origin ->> 'network', ''),
    coalesce(origin ->> 'request_id', ''), 'user', new.id
  from (
    select case when new.status = 'disabled' then 'account.disabled' else 'account.enabled' end as action
    where new.status <> old.status
    union all
    select case when new.is_admin then 'admin.added' else 'admin.removed' end
    where new.is_admin <> old.is_admin) a;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.user_json(u users)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
RETURN jsonb_build_object('id', (u).id, 'username', (u).username, 'avatar_id', (u).avatar_id);

CREATE OR REPLACE FUNCTION public.users_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  changed bigint[];
begin
  select array_agg(n.id) into changed
  from new_rows n join old_rows o on o.id = n.id
  where (n.username, n.avatar_id) is distinct from (o.username, o.avatar_id);
  if changed is not null then
    if exists (select from new_rows n left join files f on f.id = n.avatar_id
        where n.avatar_id is not null and (f.state, f.owner_id) is distinct from ('avatar', n.id)) then
      raise exception 'a person''s picture is a file that became one of theirs by become_picture';
    end if;
    perform lock_topics(array(select topic_id from topics_naming(changed)));
    perform append_events(array_agg(t.topic_id order by t.topic_id, u.id),
      array_agg('UserUpdated'::text),
      array_agg(jsonb_build_object('user', user_json(u)) order by t.topic_id, u.id))
    from topics_naming(changed) t join users u on u.id = t.user_id;
    delete from files f using new_rows n join old_rows o on o.id = n.id
    where f.id = o.avatar_id and o.avatar_id is distinct from n.avatar_id;
  end if;

  -- Whoever is disabled is signed out everywhere.
  update sessions s set revoked_at = now(), revoked_because = 'account disabled'
  from new_rows n join old_rows o on o.id = n.id
  where n.status = 'disabled' and o.status <> 'disabled' and s.user_id = n.id and s.revoked_at is null;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.users_json(p_ids bigint[])
 RETURNS jsonb
 LANGUAGE sql
 STABLE
RETURN COALESCE((SELECT jsonb_agg(user_json(u.*) ORDER BY u.id) AS jsonb_agg FROM users u WHERE (u.id = ANY (users_json.p_ids))), '[]'::jsonb);

CREATE OR REPLACE FUNCTION public.verify_audit()
 RETURNS bigint
 LANGUAGE sql
 STABLE
RETURN COALESCE(audit_break('9223372036854775807'::bigint), (SELECT (COALESCE(l."position", (0)::bigint) + 1) FROM (audit_end e LEFT JOIN LATERAL (SELECT a."position", a.hash FROM audit_log a WHERE (a."position" IS NOT NULL) ORDER BY a."position" DESC LIMIT 1) l ON (true)) WHERE ((COALESCE(l."position", (0)::bigint) IS DISTINCT FROM e."position") OR (l.hash IS DISTINCT FROM e.hash))));

CREATE OR REPLACE FUNCTION public.visible_files(p_user_id bigint, p_ids bigint[])
 RETURNS SETOF files
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT f.*::files AS f
    FROM (files f
      JOIN users u ON (((u.id = visible_files.p_user_id) AND (u.status = 'active'::text))))
   WHERE ((f.id = ANY (visible_files.p_ids)) AND (((f.state = 'stored'::text) AND (f.owner_id = u.id)) OR ((f.state = 'avatar'::text) AND (EXISTS ( SELECT
            FROM users p
           WHERE ((p.avatar_id = f.id) AND are_acquainted(u.id, p.id))))) OR ((f.state = 'icon'::text) AND (EXISTS ( SELECT
            FROM (workspaces w
              JOIN workspace_members wm ON (((wm.workspace_id = w.id) AND (wm.user_id = u.id) AND (wm.left_seq IS NULL))))
           WHERE ((w.icon_id = f.id) AND (w.deleted_at IS NULL))))) OR ((f.state = 'attached'::text) AND (EXISTS ( SELECT
            FROM (((messages m
              JOIN chats c ON (((c.id = m.chat_id) AND (c.deleted_at IS NULL))))
              LEFT JOIN chat_members cm ON (((cm.chat_id = c.id) AND (cm.user_id = u.id) AND (cm.left_seq IS NULL))))
              LEFT JOIN workspace_members wm ON (((wm.workspace_id = c.workspace_id) AND (wm.user_id = u.id) AND (wm.left_seq IS NULL))))
           WHERE ((m.id = f.message_id) AND (m.deleted_at IS NULL) AND ((cm.user_id IS NOT NULL) OR ((c.type = 'public_channel'::text) AND (wm.user_id IS NOT NULL))) AND ((c.history = 'all'::text) OR (EXISTS ( SELECT
                    FROM chat_members i
                   WHERE ((i.chat_id = c.id) AND (i.user_id = u.id) AND (i.joined_seq < m.seq) AND ((i.left_seq IS NULL) OR (m.seq < i.left_seq))))))))))));
END;

CREATE OR REPLACE FUNCTION public.workspace_members_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from new_rows n join old_rows o using (workspace_id, user_id, joined_seq)
      where o.left_seq is null and n.left_seq is not null) then
    -- Whoever leaves the workspace leaves all its channels in the same transaction. A deleted one has
    -- had its last event.
    perform lock_topics(array(
      select workspace_id from new_rows union select user_id from new_rows union
      select m.chat_id from chat_members m join chats c on c.id = m.chat_id
      join new_rows n on n.workspace_id = c.workspace_id and n.user_id = m.user_id
      where m.left_seq is null and n.left_seq is not null and c.deleted_at is null));
    update chat_members m set left_seq = next_seq(m.chat_id)
    from chats c, new_rows n join old_rows o using (workspace_id, user_id, joined_seq)
    where o.left_seq is null and n.left_seq is not null and c.workspace_id = n.workspace_id
      and c.deleted_at is null and m.chat_id = c.id and m.user_id = n.user_id and m.left_seq is null;

    if exists (select from new_rows n join old_rows o using (workspace_id, user_id, joined_seq)
        join topics t on t.id = n.workspace_id
        where o.left_seq is null and n.left_seq <> t.last_seq + 1) then
      raise exception 'a membership closes with left_seq = next_seq(workspace_id)';
    end if;
    update workspaces w set member_count = w.member_count - l.members
    from (
      select n.workspace_id, count(*) as members
      from new_rows n join old_rows o using (workspace_id, user_id, joined_seq)
      where o.left_seq is null and n.left_seq is not null group by 1
    ) l where w.id = l.workspace_id;
    perform append_events(array_agg(e.workspace_id order by e.workspace_id, e.part),
      array_agg('WorkspaceMemberLeft'::text),
      array_agg(jsonb_build_object('workspace_id', e.workspace_id, 'user_ids', e.user_ids,
        'member_count', w.member_count) order by e.workspace_id, e.part))
    from (
      select l.workspace_id, l.part, jsonb_agg(l.user_id order by l.user_id) as user_ids
      from (
        select workspace_id, user_id,
          (row_number() over (partition by workspace_id order by user_id) - 1) / 100 as part
        from new_rows n join old_rows o using (workspace_id, user_id, joined_seq)
        where o.left_seq is null and n.left_seq is not null
      ) l group by 1, 2
    ) e join workspaces w on w.id = e.workspace_id
    having count(*) > 0;
    perform append_events(array_agg(user_id order by user_id, workspace_id),
      array_agg('RemoveFromWorkspace'::text),
      array_agg(jsonb_build_object('workspace_id', workspace_id) order by user_id, workspace_id))
    from new_rows n join old_rows o using (workspace_id, user_id, joined_seq)
    where o.left_seq is null and n.left_seq is not null
    having count(*) > 0;
  end if;

  perform append_events(array_agg(workspace_id order by workspace_id, user_id),
    array_agg('WorkspaceMemberUpdated'::text),
    array_agg(jsonb_build_object('workspace_id', workspace_id, 'user_id', user_id, 'role', n.role)
      order by workspace_id, user_id))
  from new_rows n join old_rows o using (workspace_id, user_id, joined_seq)
  where n.left_seq is null and n.role <> o.role
  having count(*) > 0;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.workspace_members_joined()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform lock_topics(array(select workspace_id from new_rows union select user_id from new_rows));
  update workspaces w set member_count = w.member_count + n.members
  from (select workspace_id, count(*) as members from new_rows group by 1) n
  where w.id = n.workspace_id;

  perform append_events(array_agg(e.workspace_id order by e.workspace_id, e.part),
    array_agg('WorkspaceMemberJoined'::text),
    array_agg(jsonb_build_object('workspace_id', e.workspace_id, 'members', e.members,
      'member_count', w.member_count) order by e.workspace_id, e.part))
  from (
    select n.workspace_id, n.part,
      jsonb_agg(user_json(u) || jsonb_build_object('role', n.role) order by u.id) as members
    from (
      select workspace_id, user_id, role,
        (row_number() over (partition by workspace_id order by user_id) - 1) / 100 as part
      from new_rows
    ) n join users u on u.id = n.user_id
    group by 1, 2
  ) e join workspaces w on w.id = e.workspace_id
  having count(*) > 0;

  perform append_events(array_agg(n.user_id order by n.user_id, n.workspace_id),
    array_agg('AddToWorkspace'::text),
    array_agg(jsonb_build_object('workspace', to_jsonb(v) - 'member_id', 'last_seq', t.last_seq)
      order by n.user_id, n.workspace_id))
  from new_rows n
  -- OFFSET 0: one look-up per new member, whatever a planner without statistics would prefer.
  cross join lateral (
    select * from member_workspaces v where v.member_id = n.user_id and v.id = n.workspace_id offset 0
  ) v
  join topics t on t.id = n.workspace_id
  having count(*) > 0;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.workspace_requires_second_factor()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform end_sessions_due(array(
    select m.user_id from workspace_members m where m.workspace_id = new.id and m.left_seq is null));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.workspaces_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from new_rows n join old_rows o on o.id = n.id join files f on f.id = n.icon_id
      where n.icon_id is distinct from o.icon_id and f.state <> 'icon') then
    raise exception 'a workspace''s icon is a file that became one by become_picture';
  end if;
  perform append_events(array_agg(n.id order by n.id), array_agg('WorkspaceUpdated'::text),
    array_agg(jsonb_build_object('workspace_id', n.id, 'name', n.name, 'join_policy', n.join_policy,
      'icon_id', n.icon_id) order by n.id))
  from new_rows n join old_rows o on o.id = n.id
  where n.deleted_at is null
    and (n.name, n.join_policy, n.icon_id) is distinct from (o.name, o.join_policy, o.icon_id)
  having count(*) > 0;

  if exists (select from new_rows n join old_rows o on o.id = n.id
      where n.deleted_at is not null and o.deleted_at is null) then
    update chats c set deleted_at = n.deleted_at
    from new_rows n join old_rows o on o.id = n.id
    where n.deleted_at is not null and o.deleted_at is null
      and c.workspace_id = n.id and c.deleted_at is null;
    perform append_events(array_agg(n.id order by n.id), array_agg('WorkspaceDeleted'::text),
      array_agg(jsonb_build_object('workspace_id', n.id) order by n.id))
    from new_rows n join old_rows o on o.id = n.id
    where n.deleted_at is not null and o.deleted_at is null;
    update workspaces w set icon_id = null
    from new_rows n where n.id = w.id and w.deleted_at is not null and w.icon_id is not null;
  end if;

  delete from files f using new_rows n join old_rows o on o.id = n.id
  where f.id = o.icon_id and o.icon_id is distinct from n.icon_id;
  return null;
end $function$;

CREATE TRIGGER audit_log_guard BEFORE DELETE OR UPDATE ON public.audit_log FOR EACH ROW EXECUTE FUNCTION guard_audit();

CREATE TRIGGER audit_log_guard_all BEFORE TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION guard_audit();

CREATE CONSTRAINT TRIGGER audit_log_seal AFTER INSERT ON public.audit_log DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION seal_audit();

CREATE TRIGGER chat_members_changed AFTER UPDATE ON public.chat_members REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION chat_members_changed();

CREATE TRIGGER chat_members_close BEFORE DELETE ON public.chat_members FOR EACH ROW EXECUTE FUNCTION close_chat_membership();

CREATE TRIGGER chat_members_joined AFTER INSERT ON public.chat_members REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION chat_members_joined();

CREATE TRIGGER chat_members_open BEFORE INSERT ON public.chat_members FOR EACH ROW EXECUTE FUNCTION open_chat_membership();

CREATE TRIGGER chats_bury BEFORE DELETE ON public.chats FOR EACH ROW EXECUTE FUNCTION bury();

CREATE TRIGGER chats_changed AFTER UPDATE ON public.chats REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION chats_changed();

CREATE TRIGGER chats_topics AFTER INSERT ON public.chats REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION make_topics('chat');

CREATE TRIGGER event_log_audit AFTER INSERT ON public.event_log FOR EACH ROW WHEN (((new.kind = ANY (ARRAY['SessionRevoked'::text, 'WorkspaceUpdated'::text, 'WorkspaceDeleted'::text, 'WorkspaceMemberJoined'::text, 'WorkspaceMemberLeft'::text, 'WorkspaceMemberUpdated'::text, 'ChatUpdated'::text, 'ChatDeleted'::text, 'MemberJoined'::text, 'MemberLeft'::text, 'MemberUpdated'::text])) OR ((new.kind = 'MessageDeleted'::text) AND (audit_id(new.body, 'sender_id'::text) IS DISTINCT FROM new.actor_id)))) EXECUTE FUNCTION audit_event();

CREATE TRIGGER files_counted AFTER INSERT ON public.files REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION files_counted();

CREATE TRIGGER files_recounted AFTER UPDATE ON public.files REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION files_recounted();

CREATE TRIGGER files_removed AFTER DELETE ON public.files REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION files_removed();

CREATE TRIGGER instance_policy_second_factor AFTER UPDATE OF requires_second_factor ON public.instance_policy FOR EACH ROW WHEN ((new.requires_second_factor AND (NOT old.requires_second_factor))) EXECUTE FUNCTION instance_requires_second_factor();

CREATE TRIGGER messages_bury BEFORE DELETE ON public.messages FOR EACH ROW EXECUTE FUNCTION bury_message();

CREATE TRIGGER messages_change BEFORE UPDATE ON public.messages FOR EACH ROW EXECUTE FUNCTION change_message();

CREATE TRIGGER messages_changed AFTER UPDATE ON public.messages REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION messages_changed();

CREATE TRIGGER messages_number BEFORE INSERT ON public.messages FOR EACH ROW WHEN ((new.seq IS NULL)) EXECUTE FUNCTION number_message();

CREATE TRIGGER messages_sent AFTER INSERT ON public.messages REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION messages_sent();

CREATE TRIGGER sessions_changed AFTER UPDATE ON public.sessions REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sessions_changed();

CREATE TRIGGER sessions_removed AFTER DELETE ON public.sessions REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION sessions_removed();

CREATE TRIGGER users_administered AFTER UPDATE OF is_admin, status ON public.users FOR EACH ROW WHEN (((new.is_admin <> old.is_admin) OR (new.status <> old.status))) EXECUTE FUNCTION user_administered();

CREATE TRIGGER users_changed AFTER UPDATE ON public.users REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION users_changed();

CREATE TRIGGER users_drop_openid_links AFTER UPDATE OF status ON public.users FOR EACH ROW WHEN (((new.status = 'erased'::text) AND (old.status <> 'erased'::text))) EXECUTE FUNCTION drop_openid_links();

CREATE TRIGGER users_drop_resets AFTER UPDATE OF password_hash ON public.users FOR EACH ROW WHEN ((old.password_hash IS DISTINCT FROM new.password_hash)) EXECUTE FUNCTION drop_resets();

CREATE TRIGGER users_guard_admins BEFORE UPDATE OF is_admin, status ON public.users FOR EACH ROW EXECUTE FUNCTION guard_admins();

CREATE TRIGGER users_passkeys AFTER UPDATE OF status ON public.users FOR EACH ROW WHEN (((new.status = 'erased'::text) AND (old.status <> 'erased'::text))) EXECUTE FUNCTION end_passkeys();

CREATE TRIGGER users_second_factors AFTER UPDATE OF password_hash, status ON public.users FOR EACH ROW WHEN (((new.password_hash <> old.password_hash) OR (new.status <> old.status))) EXECUTE FUNCTION end_second_factors();

CREATE TRIGGER users_topics AFTER INSERT ON public.users REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION make_topics('user');

CREATE TRIGGER workspace_members_changed AFTER UPDATE ON public.workspace_members REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION workspace_members_changed();

CREATE TRIGGER workspace_members_close BEFORE DELETE ON public.workspace_members FOR EACH ROW EXECUTE FUNCTION close_workspace_membership();

CREATE TRIGGER workspace_members_joined AFTER INSERT ON public.workspace_members REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION workspace_members_joined();

CREATE TRIGGER workspace_members_open BEFORE INSERT ON public.workspace_members FOR EACH ROW EXECUTE FUNCTION open_workspace_membership();

CREATE TRIGGER workspaces_bury BEFORE DELETE ON public.workspaces FOR EACH ROW EXECUTE FUNCTION bury();

CREATE TRIGGER workspaces_changed AFTER UPDATE ON public.workspaces REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION workspaces_changed();

CREATE TRIGGER workspaces_second_factor AFTER UPDATE OF requires_second_factor ON public.workspaces FOR EACH ROW WHEN ((new.requires_second_factor AND (NOT old.requires_second_factor))) EXECUTE FUNCTION workspace_requires_second_factor();

CREATE TRIGGER workspaces_topics AFTER INSERT ON public.workspaces REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION make_topics('workspace');
