import { hash } from '@node-rs/argon2'

/** Argon2id, the library's default, at the lowest cost that ASVS accepts: 20 to 40 ms on a small machine. */
export const passwordCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** One spelling of a password, however the keyboard composed it; spaces and case stay. */
export const normalizePassword = (password: string): string => password.normalize('NFKC')

/** The PHC string that is stored in place of a password. */
export const hashPassword = (password: string): Promise<string> =>
  hash(normalizePassword(password), passwordCost)
