import { sql } from '@parley/core/db/sql'
import { type Json, type Part, texts } from './part.ts'

/** Who one is, what one has set, and by what one proves that it is oneself: that there is one, no more. */
export const account: Part = {
  name: 'account.json',
  tables: [
    'users',
    'dnd_schedules',
    'totp_secrets',
    'recovery_codes',
    'passkeys',
    'openid_links',
    'exports',
  ],
  async *read(db, userId) {
    yield texts(
      await db.rows(sql<Json>`
        select coalesce(row_to_json(r)::text, '') as json from (
          select u.id, u.username, u.email, u.status, u.is_admin, u.avatar_id, u.created_at, u.dnd_until,
            (select to_json(d) from dnd_schedules d where d.user_id = u.id) as do_not_disturb,
            (select json_build_object('confirmed_at', t.confirmed_at) from totp_secrets t
              where t.user_id = u.id) as authenticator_app,
            (select json_agg(json_build_object('used_at', c.used_at)) from recovery_codes c
              where c.user_id = u.id) as recovery_codes,
            (select json_agg(json_build_object('name', k.name, 'created_at', k.created_at,
                'last_used_at', k.last_used_at) order by k.id) from passkeys k
              where k.user_id = u.id) as passkeys,
            (select json_agg(json_build_object('issuer', o.issuer, 'subject', o.subject,
                'linked_at', o.linked_at)) from openid_links o where o.user_id = u.id) as openid_links,
            (select e.requested_at from exports e where e.user_id = u.id) as export_requested_at
          from users u where u.id = ${userId}) r`),
    )
  },
}

/** Where one was signed in, as long as that is kept. */
export const sessions: Part = {
  name: 'sessions.json',
  tables: ['sessions'],
  async *read(db, userId) {
    yield texts(
      await db.rows(sql<Json>`
        select coalesce(row_to_json(r)::text, '') as json from (
          select s.id, s.user_agent, s.ip_prefix as network, s.created_at, s.last_used_at,
            s.confirmed_at, s.prev_rotated_at as renewed_at, s.idle_expires_at, s.expires_at,
            s.revoked_at as ended_at, s.revoked_because as ended_because
          from sessions s where s.user_id = ${userId} order by s.id) r`),
    )
  },
}

/** Entries that one statement looks at. */
const step = 10_000

/** What one did, and what was done to one; of others' doing not from where. */
export const audit: Part = {
  name: 'audit.json',
  tables: ['audit_log'],
  async *read(db, userId) {
    const { first, last } = await db.one(sql<{ first: number; last: number }>`
      select coalesce(min(position), 0) as first, coalesce(max(position), 0) as last from audit_log`)
    for (let after = first - 1; after < last; after += step) {
      yield texts(
        await db.rows(sql<Json>`
          select coalesce(row_to_json(r)::text, '') as json from (
            select a.at, a.action, a.actor_id = ${userId} as by_you, a.workspace_id, a.target_kind,
              a.target_id,
              case when a.actor_id = ${userId} then a.detail end as detail,
              case when a.actor_id = ${userId} then a.session_id end as session_id,
              case when a.actor_id = ${userId} then a.network end as network,
              case when a.actor_id = ${userId} then a.request_id end as request_id
            from audit_log a
            where a.position > ${after} and a.position <= ${after + step}
              and (a.actor_id = ${userId} or a.target_kind = 'user' and a.target_id = ${userId})
            order by a.position) r`),
      )
    }
  },
}
