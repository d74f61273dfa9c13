import type { ErrorCode } from '@parley/contract'
import { commonPasswords } from './common.ts'
import { isGuessable } from './guessable.ts'
import { normalizePassword } from './hash.ts'

/** Most characters of a password. */
export const longestPassword = 256

interface Rules {
  passwordMinLength: number
  instanceName: string
}

/**
 * What is wrong with a new password, if anything; lengths are in code points, as it is hashed. `names`
 * are what somebody who guesses knows of the person: name, address, workspace. No rule asks for digits
 * or signs (NIST SP 800-63B-4, 3.1.1.2).
 */
export async function checkPassword(
  password: string,
  { passwordMinLength, instanceName }: Rules,
  names: readonly (string | undefined)[],
): Promise<(ErrorCode & `${string}_password`) | undefined> {
  const normalized = normalizePassword(password)
  const length = Array.from(normalized).length
  if (length < passwordMinLength) return 'weak_password'
  if (length > longestPassword) return 'long_password'
  const known = ['Parley', instanceName, ...names].filter((name) => name !== undefined)
  return isGuessable(normalized, await commonPasswords(), known) ? 'common_password' : undefined
}
