import { expect, test } from 'vitest'
import { isKept, newest } from './cache-shape.ts'

const state = {
  me: { id: 1 },
  workspaces: new Map(),
  chats: new Map(),
  users: new Map(),
  topics: new Map(),
  counting: new Map(),
  doubtful: new Set(),
  waiting: new Map(),
}

test('only a whole state with a cursor is gone on from', () => {
  expect(isKept({ state, cursor: 'a.1' })).toBe(true)
  for (const broken of [
    undefined,
    null,
    7,
    {},
    { cursor: 'a.1' },
    { state, cursor: '' },
    { state: { ...state, chats: [] }, cursor: 'a.1' },
    { state: null, cursor: 'a.1' },
  ])
    expect(isKept(broken)).toBe(false)
})

test('of many chats the ones used last are kept', () => {
  const rows = [5, 1, 4, 2, 3].map((used) => ({ chat_id: used, messages: [], used }))
  expect([...newest(rows, 3).keys()]).toEqual([3, 4, 5])
})
