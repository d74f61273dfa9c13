import pg from 'pg'
import type { Config } from '../config/load.ts'
import { embeddedRoles } from '../embedded/url.ts'

/** Whom the servers connect as. Where that is the owner of the tables there is nothing to grant. */
export interface ServerRoles {
  app: string
  notify: string
}

const userOf = (url: string): string => new pg.Client({ connectionString: url }).user ?? ''

/** Those that the settings name, or those of the embedded database. */
export function serverRoles({
  databaseUrl,
  databaseUrlNotify = databaseUrl,
}: Pick<Config, 'databaseUrl' | 'databaseUrlNotify'>): ServerRoles {
  if (databaseUrl === undefined || databaseUrlNotify === undefined) return embeddedRoles
  return { app: userOf(databaseUrl), notify: userOf(databaseUrlNotify) }
}

/** What the notify-server tells of: whole tables, or only some columns of one. */
const told = [
  'event_log',
  'topics',
  'log_meta',
  'chats',
  'chat_members',
  'workspaces',
  'workspace_members',
  'dnd_schedules',
  'users (id, status, dnd_until)',
  'sessions (id, user_id, revoked_at)',
  'public_keys',
]

const upkeep = [
  'start_epoch()',
  'make_event_partitions(integer)',
  'drop_event_partitions(integer)',
  'purge_deleted_chats(integer)',
  'take_ticket(bytea)',
  'drop_tickets()',
]

/** Takes all that was granted before, so that what is granted here is all there is. */
const afresh = (role: string): string[] => [
  `revoke all on all tables in schema public from ${role}`,
  `revoke all on all sequences in schema public from ${role}`,
  `revoke all on schema public from ${role}`,
  `grant usage on schema public to ${role}`,
  `grant execute on function keep_epoch() to ${role}`,
]

/**
 * Rows of all tables; of the audit log only new ones and the end of what is past its time, and of what the
 * migrations keep nothing.
 */
const ofApp = (role: string): string[] => [
  ...afresh(role),
  `grant select, insert, update, delete on all tables in schema public to ${role}`,
  `grant usage on all sequences in schema public to ${role}`,
  `revoke update, delete on audit_log from ${role}`,
  `revoke insert, update, delete on audit_end, log_meta from ${role}`,
  `grant execute on function prune_audit(integer) to ${role}`,
  `revoke all on migrations from ${role}`,
]

const ofNotify = (role: string): string[] => [
  ...afresh(role),
  ...told.map((what) => {
    const [table, columns = ''] = what.split(/ (?=\()/)
    return `grant select ${columns} on ${table} to ${role}`
  }),
]

const ofUpkeep = (role: string): string[] =>
  upkeep.map((call) => `grant execute on function ${call} to ${role}`)

/**
 * Grants the servers' roles what they need and no more, as the owner of the tables, in one transaction.
 * After each migration: a new table is the app's to use, and the notify-server's only where it says so.
 */
export async function grantRoles(owner: pg.Client, { app, notify }: ServerRoles): Promise<void> {
  const { rows } = await owner.query<{ name: string }>('select current_user::text as name')
  const others = (role: string): boolean => role !== rows[0]?.name
  const [quotedApp, quotedNotify] = [app, notify].map((role) => pg.escapeIdentifier(role))
  const statements = [
    ...(others(app) ? ofApp(quotedApp ?? '') : []),
    ...(others(notify) && notify !== app ? ofNotify(quotedNotify ?? '') : []),
    ...(others(notify) ? ofUpkeep(quotedNotify ?? '') : []),
  ]
  if (statements.length === 0) return
  await owner.query(`begin;\n${statements.join(';\n')};\ncommit`)
}
