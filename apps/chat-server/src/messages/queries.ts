import type { File, Message, User } from '@parley/contract'
import type { VisibleChat } from '@parley/core/access/authorize'
import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'

type Stored = Omit<Message, 'files' | 'reactions'> & { files: unknown }

const shown = <Row extends Stored>(row: Row) => ({
  ...row,
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- files_json makes them so
  files: row.files as File[],
  reactions: [],
})

export interface Send {
  chatId: number
  senderId: number
  content: string
  nonce: string | null
  replyTo: number | null
  /** Names, in lower case. */
  mentions: string[]
  /** Ids, in the order in which they are shown. */
  files: readonly number[]
}

/** The message where the outcome is `created` or `known`; the cursor is one from before the write. */
export interface Sent {
  outcome: Outcome
  cursor: string
  message: Message
}

const outcomes = ['created', 'known', 'not_member', 'no_reply', 'no_file', 'full'] as const
type Outcome = (typeof outcomes)[number]

function outcomeOf(text: string): Outcome {
  const outcome = outcomes.find((one) => one === text)
  if (outcome === undefined) throw new Error('send_messages has an outcome of its own')
  return outcome
}

type SentRow = { [K in keyof Stored]: Stored[K] } & {
  outcome: string
  cursor: string
}

/** The files of all messages, or null where none has any: then nothing is looked up. */
const listed = (sends: readonly Send[]): (string | null)[] | null =>
  sends.every(({ files }) => files.length === 0)
    ? null
    : sends.map(({ files }) => (files.length > 0 ? files.join(',') : null))

/**
 * Sends many messages in one statement; results in the same order. The quota is a workspace's, in
 * bytes; 0 is none.
 */
export async function sendMessages(
  db: Db,
  sends: readonly Send[],
  { lockTimeoutMs, workspaceQuota }: { lockTimeoutMs: number; workspaceQuota: number },
): Promise<Sent[]> {
  const rows = await db.rows(sql<SentRow>`
    select coalesce(s.outcome, '') as outcome, coalesce((s.message).id, 0) as id,
      coalesce((s.message).chat_id, 0) as chat_id, coalesce((s.message).seq, 0) as seq,
      coalesce((s.message).sender_id, 0) as sender_id, coalesce((s.message).content, '') as content,
      coalesce(files_json((s.message).file_ids), '[]') as files,
      (s.message).nonce, (s.message).reply_to, coalesce((s.message).mentions, '{}') as mentions,
      (s.message).edited_at, (s.message).deleted_at,
      coalesce((s.message).created_at, now()) as created_at,
      concat(l.epoch, '.', pg_snapshot_xmin(pg_current_snapshot())) as cursor
    from send_messages(
      ${sends.map((send) => send.chatId)}::bigint[], ${sends.map((send) => send.senderId)}::bigint[],
      ${sends.map((send) => send.content)}::text[], ${sends.map((send) => send.nonce)}::text[],
      ${sends.map((send) => send.replyTo)}::bigint[],
      ${sends.map(({ mentions }) => (mentions.length > 0 ? mentions.join(' ') : null))}::text[],
      ${lockTimeoutMs}, ${listed(sends)}::text[], ${workspaceQuota}) s,
      log_meta l
    order by s.n`)
  return rows.map(({ outcome, cursor, ...message }) => ({
    outcome: outcomeOf(outcome),
    cursor,
    message: shown(message),
  }))
}

/** Who reads which chat: with since_join, only what lies inside the reader's intervals. */
export interface Reading {
  chat: VisibleChat
  userId: number
}

/** What is found beside a seq, and whether there is more on that side. */
export interface Part {
  messages: Message[]
  more: boolean
}

/** With how many there were, one more than asked for at most. */
type Found = Stored & { found: number }

/** Messages are added until they have so many bytes: a hundred of the longest would have thirteen million. */
const fullPart = 1024 * 1024

function part(rows: readonly Found[], limit: number): Part {
  const found = rows[0]?.found ?? 0
  // The contract does not name the count in each row, so it does not leave.
  const messages = rows.slice(0, limit).map(shown)
  return { messages, more: found > messages.length }
}

/** The messages before a seq, newest first. */
export const older = async (
  db: Db,
  { chat, userId }: Reading,
  before: number,
  limit: number,
): Promise<Part> =>
  part(
    await db.rows(sql<Found>`
      select p.id, p.chat_id, p.seq, p.sender_id, p.content, p.nonce, p.reply_to, p.mentions,
        coalesce(files_json(p.file_ids), '[]') as files, p.edited_at, p.deleted_at, p.created_at,
        coalesce(p.found, 0)::integer as found
      from (
        select m.*, count(*) over () as found,
          sum(octet_length(m.content)) over (order by m.seq desc) - octet_length(m.content) as bytes
        from (
          select m.id, m.chat_id, m.seq, m.sender_id, m.content, m.nonce, m.reply_to, m.mentions,
            m.file_ids, m.edited_at, m.deleted_at, m.created_at
          from messages m
          where m.chat_id = ${chat.id} and m.seq < ${before} and (${chat.history === 'all'} or exists (
            select from chat_members i where i.chat_id = m.chat_id and i.user_id = ${userId}
              and i.joined_seq < m.seq and (i.left_seq is null or m.seq < i.left_seq)))
          order by m.seq desc limit ${limit + 1}
        ) m
      ) p
      where p.bytes < ${fullPart} order by p.seq desc`),
    limit,
  )

/** The messages after a seq, oldest first. */
export const newer = async (
  db: Db,
  { chat, userId }: Reading,
  after: number,
  limit: number,
): Promise<Part> =>
  part(
    await db.rows(sql<Found>`
      select p.id, p.chat_id, p.seq, p.sender_id, p.content, p.nonce, p.reply_to, p.mentions,
        coalesce(files_json(p.file_ids), '[]') as files, p.edited_at, p.deleted_at, p.created_at,
        coalesce(p.found, 0)::integer as found
      from (
        select m.*, count(*) over () as found,
          sum(octet_length(m.content)) over (order by m.seq) - octet_length(m.content) as bytes
        from (
          select m.id, m.chat_id, m.seq, m.sender_id, m.content, m.nonce, m.reply_to, m.mentions,
            m.file_ids, m.edited_at, m.deleted_at, m.created_at
          from messages m
          where m.chat_id = ${chat.id} and m.seq > ${after} and (${chat.history === 'all'} or exists (
            select from chat_members i where i.chat_id = m.chat_id and i.user_id = ${userId}
              and i.joined_seq < m.seq and (i.left_seq is null or m.seq < i.left_seq)))
          order by m.seq limit ${limit + 1}
        ) m
      ) p
      where p.bytes < ${fullPart} order by p.seq`),
    limit,
  )

export async function findMessage(
  db: Db,
  { chat, userId }: Reading,
  messageId: number,
): Promise<Message | undefined> {
  const found = await db.maybe(sql<Stored>`
    select m.id, m.chat_id, m.seq, m.sender_id, m.content, m.nonce, m.reply_to, m.mentions,
      coalesce(files_json(m.file_ids), '[]') as files, m.edited_at, m.deleted_at, m.created_at
    from messages m
    where m.id = ${messageId} and m.chat_id = ${chat.id} and (${chat.history === 'all'} or exists (
      select from chat_members i where i.chat_id = m.chat_id and i.user_id = ${userId}
        and i.joined_seq < m.seq and (i.left_seq is null or m.seq < i.left_seq)))`)
  return found && shown(found)
}

/** Where a time lies in a chat, as a seq. */
export const seqAt = async (db: Db, chatId: number, time: Date): Promise<number> =>
  (
    await db.one(sql<{ seq: number }>`
      select coalesce(message_seq_at(${chatId}, ${time})::bigint, 0) as seq`)
  ).seq

export const findSenders = (db: Db, ids: number[]) =>
  db.rows(sql<User>`
    select id, username, avatar_id from users where id = any (${ids}::bigint[]) order by id`)

/** Keeps the chat's members as they are to the end of the transaction. */
export const lock = (db: Db, chatId: number) =>
  db.run(sql<{ lock_topics: unknown }>`select lock_topics(${[chatId]}::bigint[])`)

/** Changes the text, and whom it mentions with it. */
export const editMessage = (db: Db, messageId: number, content: string, mentions: string[]) =>
  db.run(sql`
    update messages m set content = ${content}, mentions = array(
      select u.id from unnest(${mentions}::text[]) name
      -- OFFSET 0: a look-up for each name, whatever a plan without statistics would read instead.
      cross join lateral (select u.id from users u where lower(u.username) = name offset 0) u
      where exists (
        select from chat_members cm
        where cm.chat_id = m.chat_id and cm.user_id = u.id and cm.left_seq is null offset 0)
      group by u.id order by u.id)
    where m.id = ${messageId} and m.deleted_at is null`)

export const deleteMessage = (db: Db, messageId: number) =>
  db.run(sql`
    update messages set deleted_at = clock_timestamp() where id = ${messageId} and deleted_at is null`)

export interface Mark {
  chatId: number
  userId: number
  seq: number
}

/** Moves many read markers in one statement; outcomes in the same order. */
export async function moveReadMarkers(
  db: Db,
  marks: readonly Mark[],
  lockTimeoutMs: number,
): Promise<string[]> {
  const rows = await db.rows(sql<{ outcome: string }>`
    select coalesce(r.outcome, '') as outcome from move_read_markers(
      ${marks.map((mark) => mark.chatId)}::bigint[], ${marks.map((mark) => mark.userId)}::bigint[],
      ${marks.map((mark) => mark.seq)}::bigint[], ${lockTimeoutMs}) r
    order by r.n`)
  return rows.map(({ outcome }) => outcome)
}
