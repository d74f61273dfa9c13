import type { Event, Member } from '@parley/contract'
import { expect, test } from 'vitest'
import { applyToMembers, chatChange, workspaceChange } from './member-list.ts'

const member = (id: number, role: Member['role'] = 'member'): Member => ({
  id,
  username: `user${id}`,
  avatar_id: null,
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
const after = (members: readonly Member[], event: Event, hasMore = false) => {
  const change = chatChange(event, 1)
  return change ? applyToMembers(members, change, hasMore) : members
}
const ids = (members: readonly Member[]) => members.map(({ id }) => id)

test('who joins stands in order, once', () => {
  expect(ids(after([member(1), member(5)], joined(5, 3)))).toEqual([1, 3, 5])
})

test('who would stand on a later page waits for it', () => {
  expect(ids(after([member(1), member(5)], joined(3, 9), true))).toEqual([1, 3, 5])
})

test('who leaves is gone, and a role changes in place', () => {
  const members = [member(1, 'owner'), member(2), member(3)]
  const left: Event = { ...base, kind: 'MemberLeft', user_ids: [2], member_count: 2, users: [] }
  expect(ids(after(members, left))).toEqual([1, 3])
  const updated: Event = { ...base, kind: 'MemberUpdated', user_id: 3, role: 'admin' }
  expect(after(members, updated)[2]).toEqual(member(3, 'admin'))
})

test('a new name or picture is told of wherever somebody is', () => {
  const user = { id: 2, username: 'beatrice', avatar_id: 9 }
  const { chat_id: _, ...elsewhere } = base
  const updated: Event = { ...elsewhere, topic: 'user:2', kind: 'UserUpdated', user }
  const members = [member(1), member(2, 'admin')]
  expect(after(members, updated)).toEqual([member(1), { ...user, role: 'admin' }])
})

test('events of other chats and workspaces change nothing', () => {
  expect(chatChange(joined(2), 7)).toBeUndefined()
  const elsewhere: Event = {
    topic: 'workspace:2',
    seq: 1,
    at: '',
    actor_id: null,
    kind: 'WorkspaceMemberLeft',
    workspace_id: 2,
    user_ids: [1],
    member_count: 1,
  }
  expect(workspaceChange(elsewhere, 1)).toBeUndefined()
  expect(workspaceChange(elsewhere, 2)).toEqual({ left: [1] })
})
