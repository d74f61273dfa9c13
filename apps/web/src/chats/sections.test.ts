import type { Chat } from '@parley/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { neighbour, sectionsOf, stillShown } from './sections.ts'
import { shownRows } from './window.ts'

let ids = 0
const chat = (changes: Partial<Chat>): Chat => ({
  id: ++ids,
  type: 'public_channel',
  workspace_id: 1,
  name: null,
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
const reader = {
  me: 1,
  nameOf: (id: number) => `user ${id}`,
  compare: (a: string, b: string) => a.localeCompare(b, 'en'),
}
const names = (rows: readonly { name: string }[]) => rows.map(({ name }) => name)

test('a sidebar has the channels of its workspace, and all single chats and groups', () => {
  const chats = [
    chat({ name: 'Écoute' }),
    chat({ name: 'design' }),
    chat({ name: 'elsewhere', workspace_id: 2 }),
    chat({ type: 'single', workspace_id: null, users: [1, 7] }),
    chat({ type: 'group', workspace_id: null, users: [1, 3, 4], name: 'Lunch' }),
    chat({ name: 'e-mail', type: 'private_channel' }),
  ]
  const { sorted } = sectionsOf(chats, 1, reader)
  expect(names(sorted.channels)).toEqual(['design', 'e-mail', 'Écoute'])
  expect(names(sorted.direct)).toEqual(['Lunch', 'user 7'])
})

test('rows stay the same object while only counts change', () => {
  const chats = [chat({ name: 'a' }), chat({ name: 'b' })]
  const first = sectionsOf(chats, 1, reader)
  const counted = chats.map((one) => ({ ...one, unread_count: 4 }))
  expect(sectionsOf(counted, 1, reader, first)).toBe(first)
  const renamed = chats.map((one) => ({ ...one, name: `${one.name}!` }))
  expect(sectionsOf(renamed, 1, reader, first)).not.toBe(first)
})

test('a collapsed section shows what is unread, and where one is', () => {
  const chats = [
    chat({ name: 'read' }),
    chat({ name: 'unread', unread_count: 1 }),
    chat({ name: 'muted', unread_count: 1, notification: 'none' }),
    chat({ name: 'here' }),
  ]
  const { sorted } = sectionsOf(chats, 1, reader)
  const chatOf = (id: number) => chats.find((one) => one.id === id)
  expect(names(stillShown(sorted.channels, chats[3]?.id ?? 0, chatOf))).toEqual(['here', 'unread'])
})

const rows = [10, 20, 30, 40].map((id) => ({ id, name: String(id) }))

test.each([
  ['the next one', 20, 1, [10, 20, 30, 40], 30],
  ['the one before', 20, -1, [10, 20, 30, 40], 10],
  ['round at the end', 40, 1, [10, 20, 30, 40], 10],
  ['round at the start', 10, -1, [10, 20, 30, 40], 40],
  ['the first from elsewhere', 99, 1, [10, 20, 30, 40], 10],
  ['the last from elsewhere', 99, -1, [10, 20, 30, 40], 40],
  ['the next unread one', 10, 1, [40], 40],
  ['nothing where there is no other', 10, 1, [10], undefined],
] as const)('the neighbour is %s', (_what, current, step, wanted, expected) => {
  const isWanted = (id: number) => wanted.some((one) => one === id)
  expect(neighbour(rows, current, step, isWanted)).toBe(expected)
})

test('every row that is seen is on the page, and the others keep their room', () => {
  const size = fc.integer({ min: 0, max: 10_000 })
  fc.assert(
    fc.property(size, size, fc.integer({ min: 0, max: 2_000 }), (count, top, height) => {
      const { from, to, before, after } = shownRows(count, 32, top, height)
      expect(before + (to - from) * 32 + after).toBe(count * 32)
      const seen = Array.from({ length: count }, (_, row) => row).filter(
        (row) => (row + 1) * 32 > top && row * 32 < top + height,
      )
      expect(seen.every((row) => row >= from && row < to)).toBe(true)
      expect(to - from).toBeLessThanOrEqual(Math.max(200, Math.ceil(height / 32) + 26))
    }),
  )
})
