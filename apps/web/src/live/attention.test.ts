import type { Chat } from '@parley/contract'
import { expect, test } from 'vitest'
import { attentionOf, badgeOf, titleOf } from './attention.ts'

const chat = (over: Partial<Chat>): Chat => ({
  id: 1,
  type: 'public_channel',
  workspace_id: 1,
  name: 'general',
  description: null,
  history: 'all',
  is_general: true,
  users: [],
  member_count: 2,
  role: 'member',
  notification: 'all',
  last_seq: 9,
  read_seq: 1,
  unread_count: 0,
  mention_count: 0,
  created_by: 1,
  created_at: '2026-01-01T00:00:00.000Z',
  ...over,
})
const place = ['#general', 'Acme']

test.each([
  [[chat({})], '#general · Acme', 'none'],
  [[chat({ unread_count: 4 })], '• #general · Acme', 'dot'],
  [[chat({ unread_count: 4, mention_count: 2 })], '(2) #general · Acme', '2'],
  [[chat({ type: 'single', unread_count: 3 })], '(3) #general · Acme', '3'],
  [[chat({ notification: 'none', unread_count: 3 })], '#general · Acme', 'none'],
  [[chat({ notification: 'none', unread_count: 3, mention_count: 1 })], '(1) #general · Acme', '1'],
  [[chat({ mention_count: 60 }), chat({ mention_count: 60 })], '(99+) #general · Acme', '9+'],
])('title and icon tell what is for the person, then what is new (%#)', (chats, title, badge) => {
  expect(titleOf(attentionOf(chats), place)).toBe(title)
  expect(badgeOf(attentionOf(chats))).toBe(badge)
})

test('what has no name is left out of the title', () => {
  expect(titleOf({ mentions: 0, unread: false }, ['', 'Acme'])).toBe('Acme')
})
