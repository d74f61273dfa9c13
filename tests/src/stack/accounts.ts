import { createHash, randomBytes } from 'node:crypto'
import { machineClock } from '@parley/core/clock'
import { loadConfig } from '@parley/core/config/load'
import { sql } from '@parley/core/db/sql'
import { loadSecrets } from '@parley/core/secrets'
import { issueToken } from '@parley/core/tokens/issue'
import { signingKey } from '@parley/core/tokens/keys'
import type { Stack } from './over.ts'

export interface Session {
  id: number
  token: string
  refreshToken: string
}

export interface Accounts {
  /** Returns the new account's id. */
  signUp(username: string): Promise<number>
  signIn(userId: number): Promise<Session>
}

/** People and sessions made by SQL: hashing a password for each would take its time. */
export async function accountsOn(stack: Pick<Stack, 'sql' | 'env'>): Promise<Accounts> {
  const config = loadConfig(await stack.env())
  const signing = await signingKey(stack.sql, loadSecrets(config).masterKey)
  return {
    async signUp(username) {
      const { id } = await stack.sql.one(sql<{ id: number }>`
        insert into users (username, email, password_hash)
        values (${username}, ${`${username}@example.org`}, 'none') returning id`)
      return id
    },
    async signIn(userId) {
      const refreshToken = randomBytes(32).toString('base64url')
      const hash: Buffer = createHash('sha256').update(refreshToken).digest()
      const session = await stack.sql.one(sql<{ id: number }>`
        insert into sessions (user_id, current_hash) values (${userId}, ${hash}) returning id`)
      return {
        id: session.id,
        refreshToken,
        token: await issueToken(signing, config.publicUrl, userId, session.id, machineClock),
      }
    },
  }
}
