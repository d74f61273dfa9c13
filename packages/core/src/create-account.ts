import { Email, Username } from '@parley/contract'
import type { TSchema } from 'typebox'
import { Check } from 'typebox/value'
import type { Db } from './db/connection.ts'
import { sqlState } from './db/errors.ts'
import { sql } from './db/sql.ts'
import { hashPassword, normalizePassword } from './passwords/hash.ts'
import { StartError } from './start-error.ts'

export interface NewAccount {
  username: string
  email: string
  password: string
}

const uniqueViolation = '23505'

/** Not a type guard: what does not fit is still text, to be shown. */
const fits = (schema: TSchema, text: string): boolean => Check(schema, text)

/**
 * Makes an account for an operator at the terminal, also where sign-up is closed, and returns its
 * id. What is wrong is a sentence; unlike sign-up it may say that a name is taken.
 */
export async function createAccount(
  db: Db,
  account: NewAccount,
  passwordMinLength: number,
): Promise<number> {
  const { username, email, password } = { ...account, username: account.username.normalize('NFC') }
  if (!fits(Username, username))
    throw new StartError(
      `"${username}" is no user name: it takes 1 to 64 letters, digits, dots, hyphens and underscores.`,
    )
  if (!fits(Email, email)) throw new StartError(`"${email}" is no e-mail address.`)
  const length = Array.from(normalizePassword(password)).length
  if (length < passwordMinLength || length > 256)
    throw new StartError(
      `The password has ${length} characters; it needs ${passwordMinLength} to 256.`,
    )
  const passwordHash = await hashPassword(password)
  try {
    const { id } = await db.one(sql<{ id: number }>`
      with made as (
        insert into users (username, email, password_hash)
        values (${username}, ${email}, ${passwordHash}) returning id
      ), noted as (
        insert into audit_log (action, target_kind, target_id, detail)
        select 'account.created', 'user', id, '{"at_terminal": true}' from made
      )
      select id from made`)
    return id
  } catch (error) {
    if (sqlState(error) !== uniqueViolation) throw error
    throw new StartError(`The user name "${username}" or the address ${email} is taken.`, {
      cause: error,
    })
  }
}
