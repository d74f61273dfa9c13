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
import { request } from './fixtures/call.ts'
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
    dnd_schedule: null,
  })
  const dnd = (body: object) => bob.call(setMyPresence, { body })
  expect(await dnd({ dnd: true })).toMatchObject({
    presence: 'dnd',
    dnd: true,
    dnd_until: null,
  })
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

const minute = 60_000
const clockTime = (ms: number): string => new Date(ms).toISOString().slice(11, 16)
const everyDay = [0, 1, 2, 3, 4, 5, 6]
/** From an hour ago until in an hour, by the clock in Greenwich. */
const around = (now: number) => ({
  from_time: clockTime(now - 60 * minute),
  to_time: clockTime(now + 60 * minute),
  weekdays: everyDay,
  time_zone: 'Etc/UTC',
})

test('by a schedule one is not to be disturbed in its windows, and one of them is ended by hand', async () => {
  say([bob])
  await until(async () => (await presences(anna, bob))[bob.id] === 'online')
  const set = (body: object) => bob.call(setMyPresence, { body })
  notes.length = 0
  const now = Date.now()
  const dnd_schedule = around(now)
  const during = await set({ dnd_schedule })
  const ends = Math.floor((now + 60 * minute) / minute) * minute
  const dnd_until = new Date(ends).toISOString()
  expect(during).toEqual({ presence: 'dnd', dnd: true, dnd_until, dnd_schedule })
  expect(await presences(anna, bob)).toEqual({ [bob.id]: 'dnd' })
  await until(() => notes.some((note) => note.kind === 'dnd' && note.user_id === bob.id))

  // What was wanted for longer than the window lasts longer.
  expect(Date.parse((await set({ dnd: true, dnd_minutes: 90 })).dnd_until ?? '')).toBeGreaterThan(
    ends,
  )
  expect((await set({ dnd: true, dnd_minutes: 10 })).dnd_until).toBe(dnd_until)
  const after = await set({ dnd: false })
  expect(after).toEqual({ presence: 'online', dnd: false, dnd_until: null, dnd_schedule })
  expect(await presences(anna, bob)).toEqual({ [bob.id]: 'online' })
  // The next one is as it was; so are those of a schedule that is set anew.
  expect(await dndAt(bob, new Date(now + 24 * 60 * minute).toISOString())).toBe(
    new Date(ends + 24 * 60 * minute).toISOString(),
  )
  expect((await set({ dnd_schedule })).dnd).toBe(true)
  expect(await set({ dnd_schedule: null })).toEqual({
    presence: 'online',
    dnd: false,
    dnd_until: null,
    dnd_schedule: null,
  })
})

/** Until when somebody is not to be disturbed, as of a time. */
const dndAt = (who: Person, at: string) =>
  server.value('select dnd_until from dnd_at($1, $2::timestamptz)', who.id, at)
const changeAfter = (who: Person, at: string) =>
  server.value('select changes_at from dnd_at($1, $2::timestamptz)', who.id, at)

test('a schedule goes by the clock of its place, over midnight and when clocks are put forward', async () => {
  const dnd_schedule = {
    from_time: '22:00',
    to_time: '07:00',
    // From Friday to Saturday, and from Saturday to Sunday.
    weekdays: [5, 6],
    time_zone: 'Europe/Berlin',
  }
  await anna.call(setMyPresence, { body: { dnd_schedule } })
  // Clocks are put forward on Sunday, the 29th of March 2026.
  const looks = [
    ['2026-03-27T20:59:59.000Z', null, '2026-03-27T21:00:00.000Z'],
    ['2026-03-27T21:00:00.000Z', '2026-03-28T06:00:00.000Z'],
    ['2026-03-28T05:59:59.000Z', '2026-03-28T06:00:00.000Z'],
    ['2026-03-28T06:00:00.000Z', null, '2026-03-28T21:00:00.000Z'],
    ['2026-03-29T02:00:00.000Z', '2026-03-29T05:00:00.000Z'],
    ['2026-03-29T05:00:00.000Z', null, '2026-04-03T20:00:00.000Z'],
  ] as const
  for (const [at, until, change = until] of looks) {
    expect([at, await dndAt(anna, at)]).toEqual([at, until])
    expect([at, await changeAfter(anna, at)]).toEqual([at, change])
  }
  await anna.call(setMyPresence, { body: { dnd_schedule: null } })
  expect(await changeAfter(anna, '2026-03-27T21:00:00.000Z')).toBe(null)
})

test('a schedule that makes no sense is refused, and says what is wrong with it', async () => {
  const wrong = async (more: object) => {
    const body = { dnd_schedule: { ...around(0), ...more } }
    const answer = await request(server.url, setMyPresence, { body }, { token: bob.token })
    const [, field] = /"path":"\/body\/dnd_schedule\/(\w+)/.exec(JSON.stringify(answer.body)) ?? []
    return [answer.status, field]
  }
  expect(await wrong({ to_time: around(0).from_time })).toEqual([400, 'to_time'])
  for (const time_zone of ['Europe/Atlantis', 'UTC+3', "'; select 1"])
    expect(await wrong({ time_zone })).toEqual([400, 'time_zone'])
  for (const from_time of ['24:00', '7:00', '07:60', '07:00:00'])
    expect(await wrong({ from_time })).toEqual([400, 'from_time'])
  for (const weekdays of [[], [7], [-1], [1, 1], [0.5]])
    expect((await wrong({ weekdays }))[0]).toBe(400)
  expect((await bob.call(getMyPresence, {})).dnd_schedule).toBe(null)
})
