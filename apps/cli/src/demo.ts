import { randomBytes } from 'node:crypto'
import { createAccount } from '@parley/core/create-account'
import type { Config } from '@parley/core/config/load'
import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'

const workspace = 'Demo'
const people = ['ada', 'grace', 'alan']

const talk = [
  { sender: 'ada', content: 'Welcome to Parley! This channel is for everybody in the workspace.' },
  {
    sender: 'grace',
    content: 'Open a second browser, sign in as somebody else, and watch messages arrive.',
  },
  { sender: 'alan', content: 'Everything here goes away with `npm run db reset`.' },
]

export interface DemoAccount {
  username: string
  email: string
  /** Undefined for an account that was there already: its password is not known. */
  password: string | undefined
}

/**
 * Fills the database with a workspace, three people and a few words, all or nothing. What is there
 * already stays as it is, so that it can be run again.
 */
export async function seedDemo(
  db: Db,
  password: string | undefined,
  config: Pick<Config, 'passwordMinLength' | 'instanceName'>,
): Promise<DemoAccount[]> {
  const accounts: DemoAccount[] = []
  const ids = new Map<string, number>()
  for (const username of people) {
    const email = `${username}@example.com`
    const known = await findUser(db, username)
    // Random, because a password that everybody can read in the source opens every demo on a network.
    const secret =
      known === undefined ? (password ?? randomBytes(12).toString('base64url')) : undefined
    ids.set(
      username,
      known ?? (await createAccount(db, { username, email, password: secret ?? '' }, config)),
    )
    accounts.push({ username, email, password: secret })
  }
  await seedWorkspace(db, ids)
  return accounts
}

async function findUser(db: Db, username: string): Promise<number | undefined> {
  const user = await db.maybe(
    sql<{ id: number }>`select id from users where lower(username) = ${username}`,
  )
  return user?.id
}

async function seedWorkspace(db: Db, ids: Map<string, number>): Promise<void> {
  const [founder, ...others] = ids.values()
  const known = await db.maybe(sql<{ id: number }>`
    select id from workspaces where lower(name) = lower(${workspace}) and deleted_at is null`)
  if (known !== undefined || founder === undefined) return
  const { id } = await db.one(sql<{ id: number | null }>`
    select found_workspace(${founder}, ${workspace}, 'open')::bigint as id`)
  for (const other of others)
    await db.run(sql<{ join_workspace: unknown }>`select join_workspace(${id}, ${other}, 'member')`)
  const general = await db.one(sql<{ id: number }>`
    select id from chats where workspace_id = ${id} and is_general`)
  const nothing: (number | null)[] = talk.map(() => null)
  const nobody: (string | null)[] = talk.map(() => null)
  const senders = talk.map(({ sender }) => ids.get(sender) ?? founder)
  await db.run(sql<{ outcome: string | null }>`
    select s.outcome from send_messages(
      ${talk.map(() => general.id)}::bigint[], ${senders}::bigint[],
      ${talk.map(({ content }) => content)}::text[], ${nobody}::text[],
      ${nothing}::bigint[], ${nobody}::text[], 0) s`)
}
