import { Bootstrap, getBootstrap, listChats } from '@parley/contract'
import { sql } from '@parley/core/db/sql'
import { parseJson } from '@parley/core/json'
import { Type } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { say } from '../stack/say.ts'
import { type Stack, startStack } from '../stack/servers.ts'
import { call } from './call.ts'
import { type Actor, type Cast, castOn } from './cast.ts'
import { type Place, type Places, chatKinds, placesOn } from './places.ts'
import { thingsOf } from './secrets.ts'
import { type Reader, type Received, openStream } from './stream.ts'

let stack: Stack
let cast: Cast
let places: Places
let square: number
beforeAll(async () => {
  stack = await startStack()
  cast = await castOn(stack)
  places = await placesOn(stack.sql, cast)
  const made = await stack.sql.one(sql<{ id: number }>`
    insert into chats (type, created_by) values ('group', ${cast.owner.id}) returning id`)
  square = made.id
  for (const actor of here) await join(square, actor)
})
afterAll(() => stack.stop())

/** Who may have a stream at all. */
const here = ['owner', 'member', 'colleague', 'stranger', 'removed'] as const

const join = (chat: number, actor: Actor) =>
  stack.sql.run(
    sql`insert into chat_members (chat_id, user_id) values (${chat}, ${cast[actor].id})`,
  )
const leave = (chat: number, actor: Actor) =>
  stack.sql.run(
    sql`delete from chat_members where chat_id = ${chat} and user_id = ${cast[actor].id}`,
  )
const tell = async (chat: number, content: string): Promise<number> =>
  (await say(stack.sql, { chat, sender: cast.owner.id, content })).seq

const bootstrapOf = async (actor: Actor): Promise<Bootstrap> => {
  const asked = { method: 'GET', path: getBootstrap.path, token: cast[actor].token }
  const bootstrap = parseJson((await call(stack.chatUrls[0] ?? '', asked)).body, Bootstrap)
  if (!bootstrap) throw new Error(`${actor} has no bootstrap`)
  return bootstrap
}
const streamOf = (actor: Actor, cursor?: string) =>
  openStream(stack.eventsUrls[0] ?? '', { token: cast[actor].token, cursor })

/** Where each topic is. */
async function clocks(): Promise<Map<string, number>> {
  const rows = await stack.sql.rows(sql<{ topic: string; last_seq: number }>`
    select concat(kind, ':', id) as topic, last_seq from topics`)
  return new Map(rows.map(({ topic, last_seq }) => [topic, last_seq]))
}

/** What is new: a cursor is a low watermark, so some of what was before it may come again. */
const since = (before: Map<string, number>, { events }: Reader): Received[] =>
  events.filter(({ topic, seq }) => seq > (before.get(topic) ?? 0))

const seqsIn = (events: Received[], topic: string): number[] =>
  events.flatMap((event) => (event.topic === topic ? [event.seq] : []))

/** One of each kind of event that a chat has, and at last one that everybody gets. */
async function happen({ chat, message, kind }: Place): Promise<number> {
  const db = stack.sql
  await tell(chat, 'new')
  await db.run(sql`update messages set content = 'changed' where id = ${message}`)
  if (kind !== 'single') {
    await db.run(sql`update chats set description = 'told' where id = ${chat}`)
    await db.run(sql`
      update chat_members set role = 'admin'
      where chat_id = ${chat} and user_id = ${cast.member.id} and left_seq is null`)
    await leave(chat, 'disabled')
    await join(chat, 'disabled')
  }
  await db.run(sql`update messages set deleted_at = now() where id = ${message}`)
  await db.run(sql`update users set username = username || '_' where id = ${cast.member.id}`)
  return tell(square, 'over')
}

test.each(chatKinds)(
  'AZ-01, AZ-12: of a %s only its members hear, live and after a resume',
  async (kind) => {
    const place = await places.open(kind)
    const topic = `chat:${place.chat}`
    const { cursor } = await bootstrapOf('owner')
    const before = await clocks()
    const streams = new Map<Actor, Reader>()
    for (const actor of here) streams.set(actor, await streamOf(actor))
    const last = await happen(place)
    const from = before.get(topic) ?? 0
    const last_seq = (await clocks()).get(topic) ?? 0
    const all = Array.from({ length: last_seq - from }, (_, at) => from + at + 1)
    expect(all.length).toBeGreaterThan(2)
    for (const [actor, live] of streams) {
      const resumed = await streamOf(actor, cursor)
      for (const stream of [live, resumed]) {
        await stream.came(`chat:${square}`, last)
        const isIn = actor === 'owner' || actor === 'member'
        const events = since(before, stream)
        expect(seqsIn(events, topic)).toEqual(isIn ? all : [])
        const text = events.map(({ data }) => data).join('\n')
        for (const thing of isIn ? [] : thingsOf(place)) expect(text).not.toContain(thing)
        stream.close()
      }
    }
  },
)

const withoutId = (text: string): string => text.replace(/"request_id":"[^"]+"/, '')

test('AZ-01: the stream has no place for whoever is not signed in, and says the same to each', async () => {
  const [nobody, disabled] = [await streamOf('anonymous'), await streamOf('disabled')]
  expect([nobody.status, disabled.status]).toEqual([401, 401])
  expect(withoutId(disabled.text)).toBe(withoutId(nobody.text))
  expect(nobody.text).toContain('not_signed_in')
})

test.each(['private_channel', 'group', 'since_join', 'public_channel'] as const)(
  'AZ-13: whoever was removed from a %s gets, by a cursor from before, what was up to then and nothing later',
  async (kind) => {
    const { chat } = await places.open(kind)
    await join(chat, 'removed')
    const { cursor } = await bootstrapOf('removed')
    const before = await clocks()
    const open = await streamOf('removed')
    const heard = await tell(chat, 'while in')
    await leave(chat, 'removed')
    await tell(chat, 'after the removal')
    const last = await tell(square, 'over')
    for (const stream of [open, await streamOf('removed', cursor)]) {
      await stream.came(`chat:${square}`, last)
      const events = since(before, stream)
      expect(seqsIn(events, `chat:${chat}`)).toEqual([heard])
      expect(events.filter((one) => one.topic === `user:${cast.removed.id}`)).toEqual([
        expect.objectContaining({ kind: 'RemoveFromChat' }),
      ])
      expect(stream.events.map(({ data }) => data).join()).not.toContain('after the removal')
      stream.close()
    }
  },
)

const Chats = Type.Object({ chats: Type.Array(Type.Object({ id: Type.Integer() })) })

test.each(chatKinds)(
  'AZ-12: counts and lists have nothing of a %s that one is not in',
  async (kind) => {
    const { chat } = await places.open(kind)
    await tell(chat, 'unread')
    for (const actor of here) {
      const { token } = cast[actor]
      const asked = { method: 'GET', path: `${listChats.path}?limit=100`, token }
      const answer = await call(stack.chatUrls[0] ?? '', asked)
      const { chats, topics } = await bootstrapOf(actor)
      const listed = parseJson(answer.body, Chats)?.chats ?? []
      const isIn = actor === 'owner' || actor === 'member'
      expect(chats.filter(({ id }) => id === chat).map((one) => one.unread_count > 0)).toEqual(
        isIn ? [true] : [],
      )
      expect(listed.some(({ id }) => id === chat)).toBe(isIn)
      expect(topics.some(({ topic }) => topic === `chat:${chat}`)).toBe(isIn)
    }
  },
)

test('the notify-server has no other door: what the contract has is not there', async () => {
  const url = new URL(stack.eventsUrls[0] ?? '').origin
  const { token } = cast.owner
  for (const path of [
    '/api/me',
    '/api/bootstrap',
    '/events/',
    '/events/x',
    '//events',
    '/metrics',
  ]) {
    expect((await call(url, { method: 'GET', path, token })).status).toBe(404)
  }
  expect((await call(url, { method: 'POST', path: '/events', token, body: {} })).status).toBe(405)
})
