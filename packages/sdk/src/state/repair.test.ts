import type { Event } from '@parley/contract'
import { expect, test } from 'vitest'
import { sentAt } from '../testing/frames.ts'
import { createWorld, me } from '../testing/world.ts'
import { reduce } from './reduce.ts'
import { meetUsers, missingUsers, recount } from './repair.ts'
import { type State, fromBootstrap } from './state.ts'

/** A state with one chat that somebody else founded. */
function begin() {
  const world = createWorld()
  const room = world.actions.found(true)
  for (const id of [2, me]) world.actions.join(room, id)
  return { world, room, state: fromBootstrap(world.bootstrap()) }
}
const base = { at: '', actor_id: null }
const counts = (state: State, id: number) => state.chats.get(id)?.unread_count

test('of 1,000 or more unread messages, a deletion leaves a doubt that a fetched chat ends', () => {
  const { room, state } = begin()
  const chat = state.chats.get(room.id)
  if (!chat) throw new Error('no chat')
  const seq = chat.last_seq
  const full = recount(state, { ...chat, last_seq: seq, unread_count: 1000 })
  const deletion: Event = {
    ...base,
    topic: `chat:${room.id}`,
    seq: seq + 1,
    kind: 'MessageDeleted',
    chat_id: room.id,
    message_id: 1,
    message_seq: seq,
    sender_id: 2,
    mentions: [],
    deleted_at: '',
  }
  // Behind the marker it does not matter, beyond it it does.
  expect(reduce(full, deletion).doubtful.size).toBe(0)
  const back = recount(full, { ...chat, read_seq: 0, unread_count: 1000 })
  const doubtful = reduce(back, deletion)
  expect([...doubtful.doubtful]).toEqual([room.id])
  const sure = recount(doubtful, { ...chat, last_seq: seq + 1, read_seq: 0, unread_count: 1000 })
  expect([counts(sure, room.id), sure.doubtful.size]).toEqual([1000, 0])
})

test('counting stops at 1,000', () => {
  const { room, state } = begin()
  const from = state.chats.get(room.id)?.last_seq ?? 0
  let now = state
  for (let n = 1; n <= 1002; n++) now = reduce(now, sentAt(room.id, from + n))
  expect([counts(now, room.id), now.chats.get(room.id)?.last_seq]).toEqual([1000, from + 1002])
})

test('people listed again by a chat that became smaller are asked for', () => {
  const { room, state } = begin()
  const left: Event = {
    ...base,
    topic: `chat:${room.id}`,
    seq: 99,
    kind: 'MemberLeft',
    chat_id: room.id,
    user_ids: [9],
    member_count: 3,
    users: [me, 2, 3],
  }
  const smaller = reduce(state, left)
  expect(missingUsers(smaller)).toEqual([3])
  expect(missingUsers(meetUsers(smaller, [{ id: 3, username: 'cyd', avatar_id: null }]))).toEqual(
    [],
  )
})

test('an event that changes nothing gives back the same state', () => {
  const { world, state } = begin()
  for (const { live } of world.log) expect(reduce(state, live)).toBe(state)
})
