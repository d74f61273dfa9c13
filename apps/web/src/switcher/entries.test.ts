import type { Chat, ChatType } from '@parley/contract'
import { expect, test } from 'vitest'
import { entriesOf, limited } from './entries.ts'
import { partsOf } from './parts.ts'
import { rank } from './rank.ts'

const me = 1
const chat = (
  id: number,
  type: ChatType,
  name: string | null,
  changes: Partial<Chat> = {},
): Chat => ({
  id,
  type,
  workspace_id: type.endsWith('channel') ? 1 : null,
  name,
  description: null,
  history: 'all',
  is_general: false,
  users: [],
  member_count: 1,
  role: 'member',
  notification: 'all',
  last_seq: 0,
  read_seq: 0,
  unread_count: 0,
  mention_count: 0,
  created_by: 1,
  created_at: '',
  ...changes,
})
const users = [
  { id: 1, username: 'me', avatar_id: null },
  { id: 2, username: 'Mira', avatar_id: null },
  { id: 3, username: 'Jonas', avatar_id: null },
]
const entries = entriesOf({
  me,
  chats: [
    chat(10, 'public_channel', 'alpha'),
    chat(11, 'public_channel', 'beta', { unread_count: 2 }),
    chat(12, 'private_channel', 'gamma', { mention_count: 1, unread_count: 1 }),
    chat(13, 'public_channel', 'delta'),
    chat(14, 'single', null, { users: [1, 2] }),
  ],
  users,
  workspaceName: () => undefined,
  nameOf: (id) => users.find((user) => user.id === id)?.username ?? '',
  recent: [13],
  commands: [{ name: 'Create channel', run: () => undefined }],
  compare: (a, b) => a.localeCompare(b, 'en'),
})
const find = (query: string) => {
  const { among, text } = limited(entries, query)
  return rank(among, text, 50).map(({ entry }) => entry.name)
}

test('nothing typed lists mentions, unread, then what was opened lately', () => {
  expect(find('')).toEqual(['gamma', 'beta', 'delta', 'alpha', 'Mira'])
})

test('# limits to channels, @ to people, > to commands', () => {
  expect(find('#')).toEqual(['gamma', 'beta', 'delta', 'alpha'])
  expect(find('@')).toEqual(['Mira', 'Jonas'])
  expect(find('>')).toEqual(['Create channel'])
  expect(find('#al')).toEqual(['alpha'])
  expect(find('@ mi')).toEqual(['Mira'])
  expect(find('>chan')).toEqual(['Create channel'])
})

test('somebody with whom there is a chat is found once, and oneself never', () => {
  expect(find('mira')).toEqual(['Mira'])
  expect(find('me')).not.toContain('me')
})

test('what is unread comes before what matches as well', () => {
  expect(find('a')[0]).toBe('alpha')
  expect(find('ta')).toEqual(['beta', 'delta'])
})

test('marks cut a name into pieces that make it whole', () => {
  expect(
    partsOf('design', [
      [0, 2],
      [4, 6],
    ]),
  ).toEqual([
    { text: 'de', marked: true },
    { text: 'si', marked: false },
    { text: 'gn', marked: true },
  ])
  expect(partsOf('x', [])).toEqual([{ text: 'x', marked: false }])
})
