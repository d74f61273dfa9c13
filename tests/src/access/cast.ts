import { randomBytes } from 'node:crypto'
import { until } from '@parley/core/testing/until'
import { sql } from '@parley/core/db/sql'
import { type Accounts, accountsOn } from '../stack/accounts.ts'
import type { Stack } from '../stack/over.ts'
import { call } from './call.ts'

/**
 * Who asks: nobody; the owner of the place; a member of it; a colleague, of the same workspace and not in
 * the place; a stranger, of another workspace; somebody who was in the place and was removed; somebody
 * who is in it and whose account was disabled; an administrator of the instance, who is a stranger there too.
 */
export const actors = [
  'anonymous',
  'owner',
  'member',
  'colleague',
  'stranger',
  'removed',
  'disabled',
  'administrator',
] as const
export type Actor = (typeof actors)[number]

export interface Person {
  id: number
  username: string
  token: string | undefined
  /** Another session of theirs; only the owner has one. */
  spare?: number
  /** The only passkey that there is. */
  passkey?: number
}
export type Cast = Record<Actor, Person>

/** Beyond every id that there is. */
export const nowhere = 2 ** 50

export const password = 'correct horse battery staple'

/** The same people, with ids that nobody has. */
export const nobodies = (cast: Cast): Cast => {
  const id = (actor: Actor): number => nowhere + actors.indexOf(actor)
  const entries = actors.map(
    (actor) =>
      [actor, { ...cast[actor], id: id(actor), spare: nowhere, passkey: nowhere }] as const,
  )
  return { ...cast, ...Object.fromEntries(entries) }
}

/** Makes the accounts; the disabled one is refused everywhere from now on. The tag is one of a second cast. */
export async function castOn(stack: Stack, tag = ''): Promise<Cast> {
  const accounts = await accountsOn(stack)
  const [owner, member, colleague, stranger, removed, disabled, administrator] = [
    await person(accounts, `olga_owner${tag}`),
    await person(accounts, `mona_member${tag}`),
    await person(accounts, `carl_colleague${tag}`),
    await person(accounts, `stan_stranger${tag}`),
    await person(accounts, `rita_removed${tag}`),
    await person(accounts, `dora_disabled${tag}`),
    await person(accounts, `alma_administrator${tag}`),
  ]
  await givePasswords(stack, `nora${tag}`)
  await stack.sql.run(sql`update users set status = 'disabled' where id = ${disabled.id}`)
  await administer(stack, administrator.id)
  const url = stack.chatUrls[0] ?? ''
  const me = { method: 'GET', path: '/api/me', token: disabled.token }
  await until(async () => (await call(url, me)).status === 401, { what: 'the account to be off' })
  owner.spare = (await accounts.signIn(owner.id)).id
  owner.passkey = await passkeyOf(stack, owner.id)
  const anonymous = { id: 1, username: 'nobody', token: undefined }
  return { anonymous, owner, member, colleague, stranger, removed, disabled, administrator }
}

/** Makes somebody an administrator, with the second factor that they need. */
async function administer({ sql: db }: Stack, id: number): Promise<void> {
  await db.run(sql`update users set is_admin = true where id = ${id}`)
  await db.run(sql`
    insert into totp_secrets (user_id, secret_enc, confirmed_at) values (${id}, decode('00', 'hex'), now())`)
}

/** A key that nobody has the private half of. */
async function passkeyOf({ sql: db }: Stack, userId: number): Promise<number> {
  const credential: Buffer = randomBytes(16)
  const { id } = await db.one(sql<{ id: number }>`
    insert into passkeys (user_id, credential_id, public_key, counter, transports, name,
      backup_eligible, backed_up)
    values (${userId}, ${credential}, ${credential}, 0, '{}', 'A key', false, false)
    returning id`)
  return id
}

/** Everybody gets the same, by the hash that one has who signed up as people do. */
async function givePasswords({ chatUrls, sql: db }: Stack, username: string): Promise<void> {
  const body = { username, email: `${username}@example.org`, password }
  await call(chatUrls[0] ?? '', { method: 'POST', path: '/api/signup', body })
  await db.run(sql`
    update users set password_hash = (select password_hash from users where username = ${username})`)
}

async function person(accounts: Accounts, username: string): Promise<Person> {
  const id = await accounts.signUp(username)
  return { id, username, token: (await accounts.signIn(id)).token }
}
