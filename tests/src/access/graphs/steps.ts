import { sql } from '@parley/core/db/sql'
import { parseJson } from '@parley/core/json'
import { Type } from 'typebox'
import { say } from '../../stack/say.ts'
import type { Step } from './graph.ts'
import { type Chat, type Message, isIn, sees } from './reference.ts'
import { type Stage, ask, enter, exit, happen, idOf, look } from './stage.ts'

type Act = (stage: Stage, step: Step) => Promise<void>

const pick = <T>(list: readonly T[], which: number): T | undefined => list[which % list.length]

/** A chat that is still there. */
const chatOf = ({ chats }: Stage, { which }: Step): Chat | undefined =>
  pick(
    chats.filter(({ ended }) => ended === undefined),
    which,
  )
const messageOf = ({ messages }: Stage, { which }: Step): Message | undefined =>
  pick(
    messages.filter(({ erased, chat }) => !erased && chat.ended === undefined),
    which,
  )

/** One of those who are in, or of those who may come. */
const memberOf = (chat: Chat | undefined, { who }: Step): number | undefined =>
  chat && pick([...chat.roles.keys()], who)
const guestOf = ({ people }: Stage, chat: Chat | undefined, { who }: Step): number | undefined =>
  chat &&
  pick(
    [...people.keys()].filter(
      (one) => !chat.roles.has(one) && (!chat.workspace || isIn(chat.workspace, one)),
    ),
    who,
  )

/** Why somebody who is not in a chat cannot do what takes a member; undefined for a member. */
const refusalOf = (who: number, chat: Chat): string | undefined =>
  isIn(chat, who) ? undefined : sees(who, chat) ? '403 not_a_member' : '404 not_found'

function expectOutcome(real: string, expected: string, what: string): void {
  if (real !== expected) throw new Error(`leak: ${what} was answered ${real}, not ${expected}`)
}

const Sent = Type.Object({ id: Type.Integer(), seq: Type.Integer() })

/** Whoever is not in is not mentioned. */
function keep(
  stage: Stage,
  chat: Chat,
  sender: number,
  text: string,
  { id }: { id: number },
  mentioned?: number,
): void {
  const version = { seq: chat.clock, text, sinceJoin: chat.history === 'since_join' }
  const isMentioned = mentioned !== undefined && isIn(chat, mentioned)
  stage.messages.push({
    id,
    chat,
    sender,
    mentioned: isMentioned ? mentioned : undefined,
    versions: [version],
    erased: false,
  })
}

/** Whoever stood longest and highest follows the last owner, which the database says. */
async function inherit(stage: Stage, chat: Chat): Promise<void> {
  const rows = await stage.stack.sql.rows(sql<{ user_id: number }>`
    select user_id from chat_members
    where chat_id = ${chat.id} and left_seq is null and role = 'owner'`)
  const owners = new Set(rows.map(({ user_id }) => user_id))
  for (const who of chat.roles.keys())
    if (owners.has(idOf(stage, who))) chat.roles.set(who, 'owner')
}

const joinedAt = ({ spans }: Chat, who: number): number =>
  spans.findLast((span) => span.who === who)?.from ?? 0

async function remove(stage: Stage, chat: Chat, who: number): Promise<void> {
  const before = chat.clock
  await happen(
    stage,
    sql`delete from chat_members where chat_id = ${chat.id} and user_id = ${idOf(stage, who)}`,
  )
  exit(chat, who, before)
  await inherit(stage, chat)
}

const talk: Partial<Record<Step['does'], Act>> = {
  async say(stage, step) {
    const chat = chatOf(stage, step)
    const who = memberOf(chat, step)
    if (!chat || who === undefined) return
    const text = `t${++stage.texts}`
    const mentioned = step.seq % stage.people.length
    const sent = await say(stage.stack.sql, {
      chat: chat.id,
      sender: idOf(stage, who),
      content: text,
      mention: stage.people[mentioned]?.username,
    })
    await look(stage)
    keep(stage, chat, who, text, sent, mentioned)
  },
  async try(stage, step) {
    const chat = chatOf(stage, step)
    if (!chat) return
    const content = `t${++stage.texts}`
    const path = `/api/chats/${chat.id}/messages`
    const answer = await ask(stage, step.who, { method: 'POST', path, body: { content } })
    expectOutcome(answer.outcome, refusalOf(step.who, chat) ?? '201', `p${step.who} writes`)
    const sent = parseJson(answer.body, Sent)
    await look(stage)
    if (sent) keep(stage, chat, step.who, content, sent)
  },
  async edit(stage, step) {
    const message = messageOf(stage, step)
    if (!message) return
    const text = `t${++stage.texts}`
    await happen(stage, sql`update messages set content = ${text} where id = ${message.id}`)
    const { clock: seq, history } = message.chat
    message.versions.push({ seq, text, sinceJoin: history === 'since_join' })
  },
  async erase(stage, step) {
    const message = messageOf(stage, step)
    if (!message) return
    await happen(stage, sql`update messages set deleted_at = now() where id = ${message.id}`)
    message.erased = true
  },
  async read(stage, step) {
    const chat = chatOf(stage, step)
    if (!chat) return
    const seq = step.seq % (chat.clock + 1)
    const path = `/api/chats/${chat.id}/read`
    const answer = await ask(stage, step.who, { method: 'PUT', path, body: { seq } })
    expectOutcome(answer.outcome, refusalOf(step.who, chat) ?? '204', `p${step.who} reads`)
    if (!isIn(chat, step.who)) return
    const least = chat.history === 'since_join' ? joinedAt(chat, step.who) : 0
    chat.read.set(step.who, Math.max(least, seq))
  },
}

const move: Partial<Record<Step['does'], Act>> = {
  async join(stage, step) {
    const { role } = step
    const chat = chatOf(stage, step)
    const who = guestOf(stage, chat, step)
    if (!chat || chat.type === 'single' || who === undefined) return
    await happen(
      stage,
      sql`insert into chat_members (chat_id, user_id, role)
          values (${chat.id}, ${idOf(stage, who)}, ${role})`,
    )
    enter(chat, who, role)
    chat.read.set(who, chat.clock)
  },
  async leave(stage, step) {
    const chat = chatOf(stage, step)
    const who = memberOf(chat, step)
    if (!chat || chat.type === 'single' || who === undefined) return
    await remove(stage, chat, who)
  },
  async enter(stage, { which, who, role }) {
    const workspace = pick(stage.workspaces, which)
    const general = stage.chats.find((chat) => chat.workspace === workspace)
    if (!workspace || isIn(workspace, who)) return
    const isNew = general !== undefined && general.ended === undefined && !isIn(general, who)
    await happen(
      stage,
      sql<{ joined: boolean }>`
        select coalesce(join_workspace(${workspace.id}, ${idOf(stage, who)}, ${role})::boolean, false)
          as joined`,
    )
    enter(workspace, who, role)
    if (!general || !isNew) return
    enter(general, who, 'member')
    general.read.set(who, general.clock)
  },
  async exit(stage, { which, who }) {
    const workspace = pick(stage.workspaces, which)
    if (!workspace || !isIn(workspace, who)) return
    const channels = stage.chats.filter((chat) => chat.workspace === workspace && isIn(chat, who))
    const before = new Map([workspace, ...channels].map((topic) => [topic, topic.clock]))
    await happen(
      stage,
      sql`delete from workspace_members
          where workspace_id = ${workspace.id} and user_id = ${idOf(stage, who)}`,
    )
    for (const [topic, clock] of before) exit(topic, who, clock)
    for (const chat of channels) await inherit(stage, chat)
  },
}

const change: Partial<Record<Step['does'], Act>> = {
  async promote(stage, step) {
    const chat = chatOf(stage, step)
    const who = memberOf(chat, step)
    if (!chat || chat.type === 'single' || who === undefined) return
    await happen(
      stage,
      sql`update chat_members set role = ${step.role}
          where chat_id = ${chat.id} and user_id = ${idOf(stage, who)} and left_seq is null`,
    )
    chat.roles.set(who, step.role)
  },
  async hide(stage, step) {
    const chat = chatOf(stage, step)
    if (!chat || (chat.type !== 'group' && chat.type !== 'private_channel')) return
    chat.history = chat.history === 'all' ? 'since_join' : 'all'
    await happen(stage, sql`update chats set history = ${chat.history} where id = ${chat.id}`)
    if (chat.history === 'all') return
    // What one may no longer read is not counted, also not later.
    for (const who of chat.roles.keys())
      chat.read.set(who, Math.max(joinedAt(chat, who), chat.read.get(who) ?? 0))
  },
  async publish(stage, step) {
    const chat = chatOf(stage, step)
    if (!chat?.workspace || stage.chats.indexOf(chat) < 2) return
    chat.type = chat.type === 'public_channel' ? 'private_channel' : 'public_channel'
    if (chat.type === 'public_channel') chat.history = 'all'
    await happen(
      stage,
      sql`update chats set type = ${chat.type}, history = ${chat.history} where id = ${chat.id}`,
    )
  },
  async end(stage, step) {
    const chat = chatOf(stage, step)
    if (!chat || chat.type === 'single' || stage.chats.indexOf(chat) < 2) return
    await happen(stage, sql`update chats set deleted_at = now() where id = ${chat.id}`)
    chat.ended = chat.clock
  },
}

const nothing: Act = async () => undefined
const acts = { ...talk, ...move, ...change }

/** Makes a step happen, in the database or by a call, and in the reference. */
export const take = (stage: Stage, step: Step): Promise<void> =>
  (acts[step.does] ?? nothing)(stage, step)
