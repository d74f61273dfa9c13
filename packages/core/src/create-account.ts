import { Email, Username, errors } from '@parley/contract'
import type { TSchema } from 'typebox'
import { Check } from 'typebox/value'
import type { Config } from './config/load.ts'
import type { Db } from './db/connection.ts'
import { sqlState } from './db/errors.ts'
import { sql } from './db/sql.ts'
import { hashPassword } from './passwords/hash.ts'
import { checkPassword, longestPassword } from './passwords/policy.ts'
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
  config: Pick<Config, 'passwordMinLength' | 'instanceName'>,
): Promise<number> {
  const { username, email, password } = { ...account, username: account.username.normalize('NFC') }
  if (!fits(Username, username))
    throw new StartError(
      `"${username}" is no user name: it takes 1 to 64 letters, digits, dots, hyphens and underscores.`,
    )
  if (!fits(Email, email)) throw new StartError(`"${email}" is no e-mail address.`)
  const fault = await checkPassword(password, config, [username, email])
  if (fault === 'common_password') throw new StartError(errors.common_password.detail)
  if (fault)
    throw new StartError(
      `The password needs ${config.passwordMinLength} to ${longestPassword} characters.`,
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
