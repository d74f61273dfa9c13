import {
  createChat,
  getChatPresence,
  getMyPresence,
  leaveChat,
  listPresences,
  sendTyping,
  setMyPresence,
} from '@parley/contract'
import { type Channel, openChannel } from '@parley/core/ephemeral/channel'
import type { Note } from '@parley/core/ephemeral/note'
import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, startChatServer } from './fixtures/chat-server.ts'

const server = await startChatServer()
const [anna, bob, stranger] = await Promise.all(['anna', 'bob', 'eve'].map(server.person))
if (!anna || !bob || !stranger) throw new Error('nobody')
const { general } = await server.workspace(anna, bob)

/** What a notify-server would hear, and a way to speak like one. */
const notes: Note[] = []
let channel: Channel
beforeAll(async () => {
  channel = openChannel({
    url: server.config.databaseUrl ?? '',
    name: 'test',
    heard: (note) => void notes.push(note),
    connected: () => undefined,
    failed: () => undefined,
  })
  await until(() => channel.connected())
})
afterAll(async () => {
  await channel.stop()
  await server.stop()
})

const type = (by: Person, id: number) => by.outcome(sendTyping, { params: { id } })
const typed = () => notes.filter(({ kind }) => kind === 'typing')
const presences = async (by: Person, ...people: { id: number }[]) => {
  const { presences } = await by.call(listPresences, { query: { ids: people.map(({ id }) => id) } })
  return Object.fromEntries(presences.map(({ user_id, presence }) => [user_id, presence]))
}

let n = 0
function say(online: Person[], away: Person[] = [], gone: Person[] = []): void {
  const ids = (people: Person[]) => people.map(({ id }) => id)
  const lists = { online: ids(online), away: ids(away), gone: ids(gone) }
  channel.tell({ kind: 'people', server: 'test', n: ++n, lease_ms: 60_000, ...lists })
}

test('typing is told once in three seconds, by members only, and is not in the log', async () => {
  const { id } = await anna.call(createChat, { body: { type: 'group', user_ids: [bob.id] } })
  const rows = () => server.value('select count(*) from event_log')
  const before = await rows()
  expect(await Promise.all([type(anna, id), type(anna, id), type(bob, id)])).toEqual(
    Array(3).fill('204'),
  )
  await until(() => typed().length === 2)
  expect(await rows()).toBe(before)
  expect(await type(stranger, id)).toBe('404 not_found')
  expect(await type(stranger, 1)).toBe('404 not_found')
  await bob.call(leaveChat, { params: { id } })
  expect(await type(bob, id)).toBe('404 not_found')
  await bob.call(leaveChat, { params: { id: general } })
  expect(await type(bob, general)).toBe('403 not_a_member')
  expect(typed()).toEqual(
    expect.arrayContaining([
      { kind: 'typing', chat_id: id, user_id: anna.id },
      { kind: 'typing', chat_id: id, user_id: bob.id },
    ]),
  )
  expect(typed()).toHaveLength(2)
})

test('presence of those whom one may not see is as if they were not there', async () => {
  say([anna, stranger], [bob])
  await until(async () => (await presences(anna, bob))[bob.id] === 'away')
  expect(await presences(anna, anna, bob, stranger)).toEqual({
    [anna.id]: 'online',
    [bob.id]: 'away',
  })
  expect(await presences(stranger, anna, stranger, { id: 12_345 })).toEqual({
    [stranger.id]: 'online',
  })
  expect(await server.nobody.outcome(listPresences, { query: { ids: [anna.id] } })).toBe(
    '401 not_signed_in',
  )
  say([], [], [bob, stranger])
  await until(async () => (await presences(anna, bob))[bob.id] === 'offline')
})

test('not to be disturbed is of the account and ends in its time, away is of the device', async () => {
  say([bob])
  await until(async () => (await presences(anna, bob))[bob.id] === 'online')
  expect(await bob.call(getMyPresence, {})).toEqual({
    presence: 'online',
    dnd: false,
    dnd_until: null,
  })
  const dnd = (body: object) => bob.call(setMyPresence, { body })
  expect(await dnd({ dnd: true })).toEqual({ presence: 'dnd', dnd: true, dnd_until: null })
  expect(await presences(anna, bob)).toEqual({ [bob.id]: 'dnd' })
  const { dnd_until } = await dnd({ dnd: true, dnd_minutes: 30 })
  expect(Math.abs(Date.parse(dnd_until ?? '') - Date.now() - 30 * 60_000)).toBeLessThan(60_000)
  await server.value(
    'update users set dnd_until = clock_timestamp() where id = $1 returning id',
    bob.id,
  )
  expect(await presences(anna, bob)).toEqual({ [bob.id]: 'online' })
  await dnd({ dnd: true })
  // What is left out stays as it is.
  expect((await dnd({ away: true })).dnd).toBe(true)
  expect((await dnd({ dnd: false })).presence).toBe('online')
  await until(() => notes.some(({ kind }) => kind === 'device'))
  expect(notes.find(({ kind }) => kind === 'device')).toEqual({
    kind: 'device',
    user_id: bob.id,
    session_id: bob.sessionId,
    away: true,
  })
  await until(() => notes.some(({ kind }) => kind === 'dnd'))
  for (const body of [{ dnd_minutes: 0 }, { dnd_minutes: 43_201 }, { state: 'away' }])
    expect(await bob.outcome(setMyPresence, { body })).toBe('400 invalid_request')
})

test('of a channel it is told how many are there, to those who may see it', async () => {
  const { id } = await anna.call(createChat, { body: { type: 'public_channel', name: 'many' } })
  say([anna, bob, stranger])
  await until(async () => (await presences(anna, bob))[bob.id] === 'online')
  const count = (by: Person) => by.call(getChatPresence, { params: { id } })
  expect(await count(bob)).toEqual({ online_count: 1, member_count: 1 })
  expect(await stranger.outcome(getChatPresence, { params: { id } })).toBe('404 not_found')
})
