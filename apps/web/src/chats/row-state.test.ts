import type { ChatType, Notification } from '@parley/contract'
import { expect, test } from 'vitest'
import { countText, rowState } from './row-state.ts'

const chat = (type: ChatType, unread: number, mentions: number, level: Notification = 'all') => ({
  type,
  unread_count: unread,
  mention_count: mentions,
  notification: level,
})

test.each([
  ['nothing of a channel that was read', chat('public_channel', 0, 0), { shows: 'nothing' }],
  ['a dot for an unread channel', chat('public_channel', 3, 0), { shows: 'unread' }],
  ['mentions before unread', chat('private_channel', 9, 2), { shows: 'count', count: 2 }],
  ['every message of a single chat', chat('single', 4, 0), { shows: 'count', count: 4 }],
  ['every message of a group', chat('group', 5, 1), { shows: 'count', count: 5 }],
  ['nothing of a muted channel', chat('public_channel', 3, 0, 'none'), { shows: 'nothing' }],
  ['mentions of a muted one', chat('public_channel', 3, 1, 'none'), { shows: 'count', count: 1 }],
  ['nothing of a muted single chat', chat('single', 3, 0, 'none'), { shows: 'nothing' }],
  ['a dot for a group of mentions only', chat('group', 3, 0, 'mentions'), { shows: 'unread' }],
] as const)('a row shows %s', (_what, chat, expected) => {
  expect(rowState(chat)).toEqual(expected)
})

test('a hundred or more is 99+', () => {
  expect([1, 99, 100, 1000].map(countText)).toEqual(['1', '99', '99+', '99+'])
})
