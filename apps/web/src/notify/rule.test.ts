import type { Chat, Event } from '@parley/contract'
import { expect, test } from 'vitest'
import { meantFor, worthTelling } from './rule.ts'

const at = '2026-01-01T00:00:00.000Z'
const chat = (over: Partial<Chat>): Chat => ({
  id: 5,
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
  created_at: at,
  ...over,
})
const said = (sender_id: number, mentions: number[] = []): Event => ({
  topic: 'chat:5',
  seq: 9,
  kind: 'NewMessage',
  at,
  actor_id: sender_id,
  message: {
    id: 70,
    chat_id: 5,
    seq: 9,
    sender_id,
    content: 'Hi',
    files: [],
    nonce: null,
    reply_to: null,
    mentions,
    reactions: [],
    edited_at: null,
    deleted_at: null,
    created_at: at,
  },
})
const me = 1
const calm = { me, viewed: false, dnd: false }

test.each([
  ['all that others say', chat({}), said(2), calm, true],
  ['nothing of one’s own', chat({}), said(me), calm, false],
  ['nothing that one looks at', chat({}), said(2), { ...calm, viewed: true }, false],
  ['nothing while not to be disturbed', chat({}), said(2), { ...calm, dnd: true }, false],
  ['nothing that was read elsewhere', chat({ read_seq: 9 }), said(2), calm, false],
  [
    'mentions where only those are wanted',
    chat({ notification: 'mentions' }),
    said(2, [1]),
    calm,
    true,
  ],
  ['nothing else there', chat({ notification: 'mentions' }), said(2, [3]), calm, false],
  ['nothing of muted chats', chat({ notification: 'none' }), said(2, [1]), calm, false],
])('one is told of %s', (_, chat, event, circumstances, told) => {
  expect(worthTelling(event, { ...circumstances, chat }) !== undefined).toBe(told)
})

test.each([
  ['a direct message', 'single', [], 'direct'],
  ['one of a group', 'group', [me], 'direct'],
  ['a mention in a channel', 'private_channel', [3, me], 'mention'],
  ['another one in a channel', 'public_channel', [3], undefined],
] as const)('%s is meant for one as such', (_, type, mentions, meant) => {
  const event = said(2, [...mentions])
  const message = worthTelling(event, { ...calm, chat: chat({ type }) })
  expect(message && meantFor(message, chat({ type }), me)).toBe(meant)
})
