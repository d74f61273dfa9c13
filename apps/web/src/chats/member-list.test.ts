import type { Event, Member } from '@parley/contract'
import { expect, test } from 'vitest'
import { applyToMembers } from './member-list.ts'

const member = (id: number, role: Member['role'] = 'member'): Member => ({
  id,
  username: `user${id}`,
  role,
})
const base = { topic: 'chat:1', seq: 1, at: '', actor_id: null, chat_id: 1 } as const
const joined = (...ids: number[]): Event => ({
  ...base,
  kind: 'MemberJoined',
  members: ids.map((id) => member(id)),
  member_count: 0,
  users: [],
})
const ids = (members: readonly Member[]) => members.map(({ id }) => id)

test('who joins stands in order, once', () => {
  expect(ids(applyToMembers([member(1), member(5)], joined(5, 3), 1, false))).toEqual([1, 3, 5])
})

test('who would stand on a later page waits for it', () => {
  expect(ids(applyToMembers([member(1), member(5)], joined(3, 9), 1, true))).toEqual([1, 3, 5])
})

test('who leaves is gone, and a role changes in place', () => {
  const members = [member(1, 'owner'), member(2), member(3)]
  const left: Event = { ...base, kind: 'MemberLeft', user_ids: [2], member_count: 2, users: [] }
  expect(ids(applyToMembers(members, left, 1, false))).toEqual([1, 3])
  const updated: Event = { ...base, kind: 'MemberUpdated', user_id: 3, role: 'admin' }
  expect(applyToMembers(members, updated, 1, false)[2]).toEqual(member(3, 'admin'))
})

test('events of other chats change nothing', () => {
  const members = [member(1)]
  expect(applyToMembers(members, joined(2), 7, false)).toBe(members)
})
