import type { Actor } from '../db/change.ts'
import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'

/** What is noted besides the events of the log, of which triggers take care (0023_audit.sql). */
export type AuditAction =
  | 'account.created'
  | 'account.erased'
  | 'password.changed'
  | 'password.reset'
  | 'session.begun'
  | 'session.confirmed'
  | 'session.confirm_refused'
  | 'sign_in.refused'
  | 'export.requested'
  | 'export.fetched'
  | 'totp.added'
  | 'totp.removed'
  | 'recovery_codes.renewed'
  | 'passkey.added'
  | 'passkey.removed'
  | 'passkey.used'
  | 'passkey.refused'
  | 'openid.linked'
  | 'openid.unlinked'
  | 'openid.refused'
  | 'invite.created'
  | 'invite.revoked'
  | 'second_factor.reset'
  | 'second_factor_rule.added'
  | 'second_factor_rule.removed'
  | 'sign_up.changed'

export interface AuditEntry {
  action: AuditAction
  workspaceId?: number
  /** Whom or what it was done to. */
  target?: { kind: 'user' | 'session' | 'passkey' | 'workspace'; id: number }
  /** Ids, roles and settings; never a name, an address or a text. */
  detail?: Readonly<Record<string, string | number | boolean | null>>
}

/** Adds an entry to the audit log, in the transaction of what it tells of. */
export const audit = (db: Db, by: Actor, { action, workspaceId, target, detail }: AuditEntry) =>
  db.run(sql`
    insert into audit_log (action, actor_id, session_id, network, request_id, workspace_id,
      target_kind, target_id, detail)
    values (${action}, ${by.userId ?? null}, ${by.sessionId ?? null}, ${by.network}, ${by.requestId},
      ${workspaceId ?? null}, ${target?.kind ?? null}, ${target?.id ?? null},
      ${JSON.stringify(detail ?? {})}::jsonb)`)
