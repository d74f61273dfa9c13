import type { Config } from '@parley/core/config/load'
import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'
import { refuse } from '@parley/core/http/problem'
import { noPassword } from '@parley/core/passwords/hash'
import { relyingParty } from './passkeys/relying-party.ts'

type Settings = Pick<Config, 'publicUrl' | 'instanceName' | 'oidcIssuer'>

/** By what somebody can sign in here; a passkey or a link that nobody can use at this address counts for nothing. */
export async function waysOf(db: Db, userId: number, config: Settings) {
  const { password, passkeys, openid_linked_at } = await db.one(sql<{
    password: boolean
    passkeys: number
    openid_linked_at: string | null
  }>`
    select
      coalesce((
        select u.password_hash <> ${noPassword} from users u where u.id = ${userId}), false) as password,
      coalesce((select count(*) from passkeys k where k.user_id = ${userId}), 0)::int as passkeys,
      (select o.linked_at from openid_links o
        where o.user_id = ${userId} and o.issuer = ${config.oidcIssuer ?? null}) as openid_linked_at`)
  return { password, passkeys: relyingParty(config) ? passkeys : 0, openid_linked_at }
}

/** Refuses what has taken the last of them; undone with the transaction, in which the account is locked. */
export async function requireWay(db: Db, userId: number, config: Settings): Promise<void> {
  const { password, passkeys, openid_linked_at } = await waysOf(db, userId, config)
  if (!password && passkeys === 0 && openid_linked_at === null) refuse('last_sign_in')
}
