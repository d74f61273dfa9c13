import { randomBytes } from 'node:crypto'
import type { Pool } from '@parley/core/db/pool'
import { sql } from '@parley/core/db/sql'
import { say } from '../stack/say.ts'
import { type Actor, type Cast, nowhere } from './cast.ts'

export const chatKinds = [
  'private_channel',
  'group',
  'single',
  'since_join',
  'public_channel',
] as const
/** A type of chat; `since_join` is a group that shows newcomers nothing from before. */
export type ChatKind = (typeof chatKinds)[number]
/** A workspace is a place too: then it is fresh, and whoever was removed was removed from it. */
export type Kind = ChatKind | 'workspace'

/** What there is to ask for. */
export interface Place {
  kind: Kind
  workspace: number
  chat: number
  /** Of the member, with the file. */
  message: number
  seq: number
  file: number
  /** The owner's, and on no message. */
  ownFile: number
  /** Of an invite. */
  code: string
  /** Texts of the chat: its name, its message, its file's name. */
  canaries: string[]
}

/** The same place, with ids at which nothing is. */
export const absent = (place: Place): Place => ({
  ...withoutFiles(place),
  workspace: nowhere,
  chat: nowhere,
  code: 'A'.repeat(22),
})

export const withoutFiles = (place: Place): Place => ({
  ...place,
  file: nowhere,
  ownFile: nowhere,
})

export interface Places {
  /** A fresh one; a pair of people has one single chat only: of that the message is fresh. */
  open(kind: Kind): Promise<Place>
  /** Whoever came in by a call and is from outside is outside again. */
  close(place: Place): Promise<void>
}

let names = 0
const canary = (): string => `canary${++names}x${randomBytes(4).toString('hex')}`

export async function placesOn(db: Pool, cast: Cast): Promise<Places> {
  const home = await found(db, cast)
  await found(db, { ...cast, owner: cast.stranger }, [])
  // Nothing is looked into, so that nothing changes by itself.
  await db.run(sql`alter table files alter look_after set default 'infinity'`)
  return {
    async open(kind) {
      const workspace = kind === 'workspace' ? await found(db, cast) : home
      if (kind === 'workspace') {
        await db.run(sql`
          delete from workspace_members
          where workspace_id = ${workspace} and user_id = ${cast.removed.id}`)
      }
      const inside = await openChat(
        db,
        cast,
        kind === 'workspace' ? 'private_channel' : kind,
        workspace,
      )
      const code = randomBytes(16).toString('base64url')
      await db.run(sql`
        insert into workspace_invites (code, workspace_id, created_by)
        values (${code}, ${workspace}, ${cast.owner.id})`)
      const ownFile = await store(db, cast.owner.id, canary())
      return { kind, workspace, code, ownFile, ...inside }
    },
    async close({ workspace }) {
      await db.run(sql`
        delete from workspace_members
        where workspace_id = ${workspace} and user_id in (${cast.stranger.id}, ${cast.administrator.id})`)
    },
  }
}

const colleagues = ['member', 'colleague', 'removed', 'disabled'] as const

async function found(db: Pool, cast: Cast, others: readonly Actor[] = colleagues): Promise<number> {
  const { id } = await db.one(sql<{ id: number }>`
    select coalesce(found_workspace(${cast.owner.id}, ${canary()}, 'invite')::bigint, 0) as id`)
  for (const other of others) {
    await db.run(sql<{ joined: boolean }>`
      select coalesce(join_workspace(${id}, ${cast[other].id}, 'member')::boolean, false) as joined`)
  }
  return id
}

async function openChat(db: Pool, cast: Cast, kind: ChatKind, workspace: number) {
  const { owner, member } = cast
  const [name, content, fileName] = [canary(), canary(), canary()]
  const chat =
    kind === 'single'
      ? await single(db, Math.min(owner.id, member.id), Math.max(owner.id, member.id))
      : await many(db, cast, kind, name, workspace)
  const file = await store(db, member.id, fileName)
  const message = await say(db, { chat, sender: member.id, content, file })
  await db.run(sql`
    delete from chat_members where chat_id = ${chat} and user_id = ${cast.removed.id}`)
  return { chat, message: message.id, seq: message.seq, file, canaries: [name, content, fileName] }
}

async function single(db: Pool, low: number, high: number): Promise<number> {
  const known = await db.maybe(sql<{ id: number }>`
    select id from chats where type = 'single' and low_user_id = ${low} and high_user_id = ${high}`)
  if (known) return known.id
  const { id } = await db.one(sql<{ id: number }>`
    insert into chats (type, low_user_id, high_user_id, created_by)
    values ('single', ${low}, ${high}, ${low}) returning id`)
  await db.run(sql`
    insert into chat_members (chat_id, user_id) select ${id}, unnest(${[low, high]}::bigint[])`)
  return id
}

async function many(
  db: Pool,
  { owner, member, removed, disabled }: Cast,
  kind: Exclude<ChatKind, 'single'>,
  name: string,
  workspace: number,
): Promise<number> {
  const isGroup = kind === 'group' || kind === 'since_join'
  const { id } = await db.one(sql<{ id: number }>`
    insert into chats (type, workspace_id, name, history, created_by)
    values (${isGroup ? 'group' : kind}, ${isGroup ? null : workspace}, ${name},
      ${kind === 'since_join' ? kind : 'all'}, ${owner.id}) returning id`)
  await db.run(sql`
    insert into chat_members (chat_id, user_id, role)
    select ${id}, u, case u when ${owner.id}::bigint then 'owner' else 'member' end
    from unnest(${[owner, member, removed, disabled].map((one) => one.id)}::bigint[]) u`)
  return id
}

/** A file that has come, whose bytes nobody asks for. */
async function store(db: Pool, ownerId: number, name: string): Promise<number> {
  const digest: Buffer = randomBytes(32)
  const { id } = await db.one(sql<{ id: number }>`
    insert into files (owner_id, state, name, size, sha256)
    values (${ownerId}, 'stored', ${name}, 2, ${digest}) returning id`)
  return id
}
