import { NetworkError, ParleyError } from '@parley/sdk'
import { passkeyProblem } from '../auth/passkeys/problem.ts'
import { say as t } from './say.ts'
import { type LaterKey as Key } from './words.ts'

const sentences: Readonly<Record<string, Key>> = {
  account_taken: 'problem.account_taken',
  channel_name_taken: 'problem.channel_name_taken',
  forbidden: 'problem.forbidden',
  group_too_large: 'problem.group_too_large',
  invite_gone: 'problem.invite_gone',
  last_admin: 'problem.last_admin',
  last_owner: 'problem.last_owner',
  no_second_factor: 'problem.second_factor',
  not_a_member: 'problem.not_a_member',
  not_a_picture: 'problem.not_a_picture',
  not_found: 'app.not_found',
  quota_exceeded: 'files.refused_quota',
  rate_limited: 'problem.rate_limited',
  second_factor_exists: 'problem.second_factor',
  last_sign_in: 'openid.password_first',
  openid_linked: 'openid.linked',
  last_second_factor: 'problem.last_second_factor',
  second_factor_due: 'problem.second_factor_due',
  second_factor_missing: 'problem.second_factor_missing',
  storage_full: 'files.refused_room',
  unknown_user: 'problem.unknown_user',
  wrong_password: 'problem.wrong_password',
  common_password: 'auth.common_password',
  weak_password: 'auth.too_short',
  workspace_name_taken: 'problem.workspace_name_taken',
}

/** What went wrong with a call, for whoever made it. */
export function problemText(error: unknown): string {
  if (error instanceof NetworkError) return t('app.unreachable')
  const key = error instanceof ParleyError ? sentences[error.code] : undefined
  return t(key ?? passkeyProblem(error) ?? 'problem.failed')
}
