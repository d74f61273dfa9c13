import type { Chat } from '@parley/contract'
import { expect, test } from 'vitest'
import { formOf, patchOf } from './chat-patch.ts'

const channel: Chat = {
  id: 1,
  type: 'private_channel',
  workspace_id: 1,
  name: 'design',
  description: null,
  history: 'all',
  is_general: false,
  users: [],
  member_count: 1,
  role: 'owner',
  notification: 'all',
  last_seq: 0,
  read_seq: 0,
  unread_count: 0,
  mention_count: 0,
  created_by: 1,
  created_at: '',
}

test('what was not touched is not sent', () => {
  expect(patchOf(channel, formOf(channel))).toEqual({})
  expect(patchOf(channel, { ...formOf(channel), name: ' design ' })).toEqual({})
})

test('each change is sent, and an emptied description is none', () => {
  const described = { ...channel, description: 'old' }
  const form = {
    ...formOf(described),
    name: 'art',
    description: ' ',
    notification: 'none',
  } as const
  expect(patchOf(described, form)).toEqual({ name: 'art', description: null, notification: 'none' })
})

test('what newcomers read is no question in a public channel', () => {
  const form = { ...formOf(channel), history: 'since_join' } as const
  expect(patchOf(channel, form)).toEqual({ history: 'since_join' })
  expect(patchOf(channel, { ...form, type: 'public_channel' })).toEqual({ type: 'public_channel' })
})

test('a group without a name stays so', () => {
  const group: Chat = { ...channel, type: 'group', name: null }
  expect(patchOf(group, { ...formOf(group), description: 'us' })).toEqual({ description: 'us' })
  expect(patchOf(group, { ...formOf(group), history: 'since_join' })).toEqual({
    history: 'since_join',
  })
})
