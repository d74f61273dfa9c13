import { ParleyError } from '@parley/sdk'
import type { LaterKey } from '../../words/words.ts'

/** What browsers throw, by name. The first is also that nothing was chosen, or nothing found. */
const thrown: Readonly<Record<string, LaterKey>> = {
  NotAllowedError: 'passkey.not_used',
  AbortError: 'passkey.not_used',
  InvalidStateError: 'passkey.there_is_one',
  SecurityError: 'passkey.no_passkeys',
}
const refused: Readonly<Record<string, LaterKey>> = {
  passkey_refused: 'passkey.refused',
  sign_in_expired: 'passkey.expired',
  no_passkey: 'passkey.no_passkey',
  no_passkeys: 'passkey.no_passkeys',
  too_many_passkeys: 'passkey.too_many',
}

/** What went wrong with a passkey; undefined where it was something else. */
export function passkeyProblem(error: unknown): LaterKey | undefined {
  if (error instanceof ParleyError) return refused[error.code]
  return error instanceof Error ? thrown[error.name] : undefined
}
