import type { Event } from '@parley/contract'
import { expect, test } from 'vitest'
import { messageAt, sentAt } from '../testing/frames.ts'
import { applyToMessages } from './window.ts'

const loaded = [messageAt(7, 1), messageAt(7, 2)]
const atEnd = { chatId: 7, atEnd: true }
const base = { topic: 'chat:7', at: '', actor_id: 2 }
const edit = (seq: number, edited_at: string): Event => ({
  ...base,
  seq,
  kind: 'MessageUpdated',
  mentions_before: [],
  message: { ...messageAt(7, 2), content: 'edited', edited_at },
})
const deletion: Event = {
  ...base,
  seq: 9,
  kind: 'MessageDeleted',
  chat_id: 7,
  message_id: 7002,
  message_seq: 2,
  sender_id: 2,
  mentions: [],
  deleted_at: '2030-01-02',
}

test('a new message is added once, where the end is loaded and the chat is the right one', () => {
  const more = applyToMessages(loaded, sentAt(7, 3), atEnd)
  expect(more.map(({ seq }) => seq)).toEqual([1, 2, 3])
  expect(applyToMessages(more, sentAt(7, 3), atEnd)).toBe(more)
  expect(applyToMessages(loaded, sentAt(7, 3), { chatId: 7, atEnd: false })).toBe(loaded)
  expect(applyToMessages(loaded, sentAt(8, 3), atEnd)).toBe(loaded)
})

test('the newest edit stays, and what was deleted stays empty', () => {
  const edited = applyToMessages(loaded, edit(5, '2030-01-01T12'), atEnd)
  expect(edited[1]?.content).toBe('edited')
  expect(applyToMessages(edited, edit(4, '2030-01-01T11'), atEnd)).toBe(edited)
  const gone = applyToMessages(edited, deletion, atEnd)
  expect(gone[1]).toMatchObject({ content: '', deleted_at: '2030-01-02' })
  expect(applyToMessages(gone, edit(6, '2030-01-03'), atEnd)).toBe(gone)
})
