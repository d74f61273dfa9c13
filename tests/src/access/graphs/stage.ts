import type { Role } from '@parley/contract'
import { sql } from '@parley/core/db/sql'
import type { Statement } from '@parley/core/db/sql'
import type { Accounts } from '../../stack/accounts.ts'
import type { Stack } from '../../stack/over.ts'
import { type Answer, type Asked, call } from '../call.ts'
import { type Graph, peopleCount } from './graph.ts'
import type { Chat, Message, Topic } from './reference.ts'

export interface Person {
  id: number
  username: string
  token: string
}

/** A graph on real servers, and what the reference knows of it. */
export interface Stage {
  stack: Stack
  people: Person[]
  workspaces: Topic[]
  chats: Chat[]
  /** All of them meet there, and nothing happens in it until the end. */
  square: Chat
  messages: Message[]
  texts: number
}

let stages = 0

/** Who the people are is told by their number; a graph has fresh ones. */
export async function openStage(stack: Stack, accounts: Accounts, graph: Graph): Promise<Stage> {
  const tag = `g${++stages}`
  const people: Person[] = []
  for (let n = 0; n < peopleCount; n++) {
    const username = `p${n}_${tag}`
    const id = await accounts.signUp(username)
    people.push({ id, username, token: (await accounts.signIn(id)).token })
  }
  const square = topicOf(0)
  const stage: Stage = {
    stack,
    people,
    workspaces: [],
    chats: [],
    square: { ...square, type: 'group', workspace: undefined, history: 'all', read: new Map() },
    messages: [],
    texts: 0,
  }
  for (const founder of [0, 1]) await found(stage, founder, tag)
  for (const chat of graph.chats) await openChat(stage, chat)
  const everybody = people.map((_, who) => who)
  const all = { type: 'group', workspace: 0, history: 'all', members: everybody } as const
  await openChat(stage, { ...all, members: everybody })
  stage.square = stage.chats.pop() ?? stage.square
  return stage
}

const topicOf = (id: number): Topic => ({
  id,
  clock: 0,
  ended: undefined,
  roles: new Map(),
  spans: [],
})

export const idOf = ({ people }: Stage, who: number): number => people[who]?.id ?? 0

/** Does something to the database; the clocks then say what of it happened in which topic. */
export async function happen<Row>(
  stage: Stage,
  statement: Statement<Row>,
): Promise<Row | undefined> {
  const row = await stage.stack.sql.maybe(statement)
  await look(stage)
  return row
}

export async function look({ stack, workspaces, chats, square }: Stage): Promise<void> {
  const topics = [...workspaces, ...chats, square]
  const rows = await stack.sql.rows(sql<{ id: number; last_seq: number }>`
    select id, last_seq from topics where id = any (${topics.map(({ id }) => id)}::bigint[])`)
  const clocks = new Map(rows.map(({ id, last_seq }) => [id, last_seq]))
  for (const topic of topics) topic.clock = clocks.get(topic.id) ?? 0
}

/** Somebody is in from here on: the last that happened is that they came. */
export function enter(topic: Topic, who: number, role: Role): void {
  topic.roles.set(who, role)
  topic.spans.push({ who, from: topic.clock, to: Infinity })
}

/** Somebody was in until the first that happened since `before`. */
export function exit(topic: Topic, who: number, before: number): void {
  topic.roles.delete(who)
  const span = topic.spans.find((one) => one.who === who && one.to === Infinity)
  if (span) span.to = before + 1
}

async function found(stage: Stage, founder: number, tag: string): Promise<void> {
  const { sql: db } = stage.stack
  const { id } = await db.one(sql<{ id: number }>`
    select coalesce(found_workspace(${idOf(stage, founder)}, ${`w${founder}_${tag}`}, 'invite')::bigint, 0)
      as id`)
  const general = await db.one(sql<{ id: number }>`select id from chats where workspace_id = ${id}`)
  const workspace = topicOf(id)
  const type = 'public_channel'
  const chat: Chat = { ...topicOf(general.id), type, workspace, history: 'all', read: new Map() }
  stage.workspaces.push(workspace)
  stage.chats.push(chat)
  await look(stage)
  for (const topic of [workspace, chat]) enter(topic, founder, 'owner')
  chat.read.set(founder, chat.clock)
}

async function openChat(stage: Stage, wanted: Graph['chats'][number]): Promise<void> {
  const { sql: db } = stage.stack
  const { type } = wanted
  const isChannel = type === 'private_channel' || type === 'public_channel'
  const workspace = isChannel ? stage.workspaces[wanted.workspace] : undefined
  // A channel begins with those of its workspace.
  const members = wanted.members
    .slice(0, type === 'single' ? 2 : undefined)
    .filter((who) => !workspace || workspace.roles.has(who))
  const ids = members.map((who) => idOf(stage, who))
  if (
    members.length < (type === 'single' ? 2 : 1) ||
    (type === 'single' && isKnown(stage, members))
  )
    return
  const history = type === 'group' || type === 'private_channel' ? wanted.history : 'all'
  const [low, high] = type === 'single' ? ids.toSorted((a, b) => a - b) : []
  const { id } = await db.one(sql<{ id: number }>`
    insert into chats (type, workspace_id, name, history, low_user_id, high_user_id, created_by)
    values (${type}, ${workspace?.id ?? null}, ${isChannel ? `c${stage.chats.length}` : null}, ${history},
      ${low ?? null}, ${high ?? null}, ${ids[0] ?? 0}) returning id`)
  await db.run(sql`
    insert into chat_members (chat_id, user_id, role)
    select ${id}, u, case u when ${ids[0] ?? 0}::bigint then 'owner' else 'member' end
    from unnest(${ids}::bigint[]) u`)
  const chat: Chat = { ...topicOf(id), type, workspace, history, read: new Map() }
  stage.chats.push(chat)
  await look(stage)
  for (const who of members) {
    enter(chat, who, who === members[0] ? 'owner' : 'member')
    chat.read.set(who, chat.clock)
  }
}

const isKnown = ({ chats }: Stage, members: number[]): boolean =>
  chats.some(({ type, roles }) => type === 'single' && members.every((who) => roles.has(who)))

export const ask = (
  { stack, people }: Stage,
  who: number,
  asked: Omit<Asked, 'token'>,
): Promise<Answer> => call(stack.chatUrls[0] ?? '', { ...asked, token: people[who]?.token })
