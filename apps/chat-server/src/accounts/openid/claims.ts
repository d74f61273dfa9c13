import { Email, Username } from '@parley/contract'
import { type IDToken, type UserInfoResponse } from 'openid-client'
import { Check } from 'typebox/value'

type Claims = Partial<IDToken> & Partial<UserInfoResponse>

/**
 * The address that the provider says it has verified; undefined for any other: whoever types somebody
 * else's address at a provider is not to have an account here under it. Some say `"true"` in words.
 */
export function verifiedEmail({ email, email_verified }: Claims): string | undefined {
  const verified: unknown = email_verified
  if (verified !== true && verified !== 'true') return undefined
  return typeof email === 'string' && Check(Email, email) ? email : undefined
}

/** Room for a number at the end. */
const longest = 60

/** The name to begin with: what the person is called there, made to fit. */
export function usernameFrom({ preferred_username, nickname, name, email }: Claims): string {
  const texts: unknown[] = [preferred_username, nickname, name, email]
  for (const text of texts) {
    if (typeof text !== 'string') continue
    const fitting = text
      .normalize('NFC')
      .replace(/@[^]*/u, '')
      .replaceAll(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')
      .replace(/^[^\p{L}\p{N}_]+|(?<!-)-+$/gu, '')
    const short = Array.from(fitting).slice(0, longest).join('')
    if (Check(Username, short)) return short
  }
  return 'user'
}
