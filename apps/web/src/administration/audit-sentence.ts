import type { AuditEntry } from '@parley/contract'
import type { LaterKey } from '../words/words.ts'

/** What is said of each action that we know; there may be others by and by. */
const sentences: Readonly<Record<string, LaterKey>> = {
  'account.created': 'audit.account_created',
  'account.disabled': 'audit.account_disabled',
  'account.enabled': 'audit.account_enabled',
  'account.erased': 'audit.account_erased',
  'admin.added': 'audit.admin_added',
  'admin.removed': 'audit.admin_removed',
  'audit.pruned': 'audit.audit_pruned',
  'chat.changed': 'audit.chat_changed',
  'chat.deleted': 'audit.chat_deleted',
  'chat_member.added': 'audit.chat_member_added',
  'chat_member.removed': 'audit.chat_member_removed',
  'chat_member.role_changed': 'audit.chat_member_role_changed',
  'export.fetched': 'audit.export_fetched',
  'export.requested': 'audit.export_requested',
  'invite.created': 'audit.invite_created',
  'invite.revoked': 'audit.invite_revoked',
  'message.removed': 'audit.message_removed',
  'openid.linked': 'audit.openid_linked',
  'openid.unlinked': 'audit.openid_unlinked',
  'passkey.added': 'audit.passkey_added',
  'passkey.refused': 'audit.passkey_refused',
  'passkey.removed': 'audit.passkey_removed',
  'passkey.used': 'audit.passkey_used',
  'password.changed': 'audit.password_changed',
  'password.reset': 'audit.password_reset',
  'recovery_codes.renewed': 'audit.recovery_codes_renewed',
  'second_factor.reset': 'audit.second_factor_reset',
  'second_factor_rule.added': 'audit.second_factor_rule_added',
  'second_factor_rule.removed': 'audit.second_factor_rule_removed',
  'session.begun': 'audit.session_begun',
  'session.confirm_refused': 'audit.session_confirm_refused',
  'session.confirmed': 'audit.session_confirmed',
  'session.ended': 'audit.session_ended',
  'sign_in.refused': 'audit.sign_in_refused',
  'sign_up.changed': 'audit.sign_up_changed',
  'totp.added': 'audit.totp_added',
  'totp.removed': 'audit.totp_removed',
  'workspace.changed': 'audit.workspace_changed',
  'workspace.deleted': 'audit.workspace_deleted',
  'workspace_member.added': 'audit.workspace_member_added',
  'workspace_member.removed': 'audit.workspace_member_removed',
  'workspace_member.role_changed': 'audit.workspace_member_role_changed',
}
export const sentenceFor = (action: string): LaterKey | undefined =>
  Object.hasOwn(sentences, action) ? sentences[action] : undefined

/** Those whom an entry is about, by their ids: none where nobody knows. */
export function aboutWhom({ actor_id, target_kind, target_id, detail }: AuditEntry): number[] {
  if (target_kind === 'user' && target_id !== null) return [target_id]
  if (detail.user_ids?.length) return detail.user_ids
  if (detail.sender_id !== undefined) return [detail.sender_id]
  return actor_id === null ? [] : [actor_id]
}

/** All that an entry says besides, by the log's own names: for whoever compares it with other logs. */
export function detailsOf(entry: AuditEntry): (readonly [name: string, value: string])[] {
  const { at: _, detail, ...rest } = entry
  return Object.entries({ ...rest, ...detail })
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)])
}
