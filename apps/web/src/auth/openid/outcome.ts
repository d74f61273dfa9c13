import type { LaterKey } from '../../words/words.ts'

/** Why a way to the OpenID provider and back did not end as it was meant to, in words. */
export const outcomes = {
  unreachable: 'openid.unreachable',
  refused: 'openid.refused',
  expired: 'openid.expired',
  failed: 'openid.failed',
  unverified: 'openid.unverified',
  taken: 'openid.taken',
  closed: 'auth.closed',
  disabled: 'openid.disabled',
  invite_gone: 'auth.invite_gone',
  other: 'openid.other',
} as const satisfies Readonly<Record<string, LaterKey>>

export const isOutcome = (text: string): text is keyof typeof outcomes =>
  Object.hasOwn(outcomes, text)
