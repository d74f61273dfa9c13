import { type Message, events } from '@parley/contract'
import { type Client, createClient } from '@parley/sdk'
import { sql } from '@parley/core/db/sql'
import type { Pool } from '@parley/core/db/pool'
import { type ChatName, type Cluster, chatNames } from '../cluster/cluster.ts'
import type { EventSeen, Final, MessageSeen } from '../history/entry.ts'
import { digest } from '../history/recorder.ts'
import type { Load } from '../load/load.ts'
import { type Person, addressOf } from '../load/people.ts'
import { messageSeen } from '../load/seen.ts'
import { poison } from '../nemesis/poison.ts'
import { stuck } from './stuck.ts'

/** Reads all that the checker compares the history with, by SQL and by the API. */
export async function readFinal(cluster: Cluster, load: Load): Promise<Final> {
  const db = cluster.database.sql
  const server = await readyServer(cluster)
  return {
    log: await readLog(db),
    messages: await readMessages(db),
    memberships: await readMemberships(db),
    topics: await db.rows(sql<{ topic: string; last_seq: number }>`
      select concat(kind, ':', id) as topic, last_seq from topics order by id`),
    since_join: (
      await db.rows(sql<{ id: number }>`select id from chats where history = 'since_join'`)
    ).map(({ id }) => id),
    open: (
      await db.rows(sql<{ id: number }>`select id from chats where type = 'public_channel'`)
    ).map(({ id }) => id),
    pages: await readPages(cluster, load, server),
    counts: await readCounts(cluster, load, server),
    states: await readStates(load),
    stuck: await stuck(cluster, load),
  }
}

interface LogRow {
  topic: string
  seq: number
  kind: string
  actor: number | null
  message: unknown
  about: number | null
  read_seq: number | null
  poison: boolean
}

async function readLog(db: Pool): Promise<Final['log']> {
  const rows = await db.rows(sql<LogRow>`
    select concat(t.kind, ':', t.id) as topic, l.seq, l.kind, l.actor_id as actor,
      b.body -> 'message' as message,
      (case when b.body ? 'message_seq' then b.body ->> 'message_seq'
        when b.body ? 'chat_id' then b.body ->> 'chat_id' else b.body -> 'chat' ->> 'id' end)::bigint as about,
      (b.body ->> 'read_seq')::bigint as read_seq, l.body ? ${poison} as poison
    from event_log l join topics t on t.id = l.topic_id
    cross join lateral (
      select case when l.body ? ${poison} then '{}' else l.body end as body
    ) b order by l.id`)
  return rows.map(({ message, about, read_seq, poison, ...row }) => {
    const seen: EventSeen = { topic: row.topic, seq: row.seq, kind: row.kind }
    return {
      ...seen,
      ...(isMessage(message) ? { message: messageSeen(message) } : {}),
      ...(about === null ? {} : { about }),
      ...(read_seq === null ? {} : { read_seq }),
      actor: row.actor,
      known: Object.hasOwn(events, row.kind) && !poison,
    }
  })
}

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && 'content' in value

async function readMessages(db: Pool): Promise<Final['messages']> {
  const rows = await db.rows(sql<{
    id: number
    chat: number
    seq: number
    sender: number
    nonce: string | null
    content: string
    deleted: boolean
  }>`
    select id, chat_id as chat, seq, sender_id as sender, nonce, content,
      deleted_at is not null as deleted
    from messages order by chat_id, seq`)
  return rows.map(({ content, ...row }) => ({ ...row, text: digest(content) }))
}

interface Membership {
  topic: string
  user: number
  joined: number
  left: number | null
}

const readMemberships = async (db: Pool): Promise<Membership[]> => [
  ...(await db.rows(sql<Membership>`
    select concat('chat:', chat_id) as topic, user_id as user, joined_seq as joined, left_seq as left
    from chat_members`)),
  ...(await db.rows(sql<Membership>`
    select concat('workspace:', workspace_id) as topic, user_id as user, joined_seq as joined,
      left_seq as left
    from workspace_members`)),
]

/** One that did not come back is told of; what is to be read is read from the other. */
async function readyServer({ servers }: Cluster): Promise<ChatName> {
  for (const name of chatNames) if (await servers[name].ready()) return name
  return chatNames[0]
}

const clientOf = (cluster: Cluster, person: Person, server: ChatName): Client =>
  createClient({ url: addressOf(cluster, server), token: person.main.token })

/** All pages of each chat, as its first and its last member read them. */
async function readPages(cluster: Cluster, load: Load, server: ChatName): Promise<Final['pages']> {
  const pages: Final['pages'] = []
  for (const person of [load.people[0], load.people.at(-1) ?? load.people[0]]) {
    const client = clientOf(cluster, person, server)
    for (const { id } of (await client.listChats({ query: {} })).chats) {
      pages.push({ chat: id, user: person.id, messages: await allMessages(client, id) })
    }
  }
  return pages
}

async function allMessages(client: Client, id: number): Promise<MessageSeen[]> {
  const all: MessageSeen[] = []
  for (let after = 0, more = true; more;) {
    const page = await client.listMessages({ params: { id }, query: { after, limit: 100 } })
    all.push(...page.messages.map(messageSeen))
    after = page.messages.at(-1)?.seq ?? after
    more = page.has_more_after
  }
  return all
}

async function readCounts(
  cluster: Cluster,
  load: Load,
  server: ChatName,
): Promise<Final['counts']> {
  const counts: Final['counts'] = []
  for (const person of load.people) {
    const rows = await cluster.database.sql.rows(sql<{
      chat: number
      read_seq: number
      unread: number | null
    }>`
      select chat_id as chat, read_seq, unread_count(user_id, chat_id, read_seq)::integer as unread
      from chat_members where user_id = ${person.id} and left_seq is null order by chat_id`)
    const { chats } = await clientOf(cluster, person, server).listChats({ query: {} })
    for (const row of rows) {
      const told = chats.find(({ id }) => id === row.chat)
      counts.push({
        chat: row.chat,
        user: person.id,
        read_seq: row.read_seq,
        unread: row.unread ?? 0,
        told: { read_seq: told?.read_seq ?? -1, unread: told?.unread_count ?? -1 },
      })
    }
  }
  return counts
}

async function readStates(load: Load): Promise<Final['states']> {
  const states: Final['states'] = []
  for (const reader of load.readers) {
    states.push({
      reader: reader.name,
      user: reader.user,
      differences: await reader
        .differences()
        .catch((error: unknown) => [`it cannot be compared: ${String(error)}`]),
    })
  }
  return states
}
