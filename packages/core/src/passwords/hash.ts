import { hash, verify } from '@node-rs/argon2'

/** Argon2id, the library's default, at the lowest cost that ASVS accepts: 20 to 40 ms on a small machine. */
export const passwordCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Stands in place of a hash where an account has no password: no password fits it. */
export const noPassword = 'none'

/** One spelling of a password, however the keyboard composed it; spaces and case stay. */
export const normalizePassword = (password: string): string => password.normalize('NFKC')

/**
 * Whether a stored hash costs a guesser less than one made now would: other parameters than ours are
 * kept where they are higher.
 */
export function isOutdated(stored: string): boolean {
  const [, memory, time] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/.exec(stored) ?? []
  return !(Number(memory) >= passwordCost.memoryCost && Number(time) >= passwordCost.timeCost)
}

/** The PHC string that is stored in place of a password. */
export const hashPassword = (password: string): Promise<string> =>
  hash(normalizePassword(password), passwordCost)

/** Whether the password is the one of the PHC string; false too when the string is damaged. */
export const verifyPassword = (stored: string, password: string): Promise<boolean> =>
  verify(stored, normalizePassword(password)).catch(() => false)
