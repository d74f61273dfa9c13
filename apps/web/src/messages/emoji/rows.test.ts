import { expect, test } from 'vitest'
import { placeAfter, rowsOf } from './rows.ts'

const emoji = (count: number, name: string) =>
  Array.from({ length: count }, (_, n) => ({ name: `${name}${n}`, character: name }))
const rows = rowsOf([
  { title: 'Recent', emoji: emoji(2, 'a') },
  { title: 'None', emoji: [] },
  { title: 'Faces', emoji: emoji(12, 'b') },
])

test('each section is a title and rows of nine, and what is empty is left out', () => {
  const told = rows.map((row) => (row.type === 'title' ? row.title : [row.from, row.emoji.length]))
  expect(told).toEqual(['Recent', [0, 2], 'Faces', [2, 9], [11, 3]])
})

test('arrows go by one, and by rows within what there is', () => {
  const go = (keys: string, place = 0) =>
    keys.split(' ').reduce((at, key) => placeAfter(`Arrow${key}`, at, rows) ?? NaN, place)
  expect(go('Right')).toBe(1)
  expect(go('Right Right')).toBe(2)
  expect(go('Left')).toBe(0)
  expect(go('Down')).toBe(2)
  expect(go('Down Down', 1)).toBe(12)
  expect(go('Down', 9)).toBe(13)
  expect(go('Down', 13)).toBe(13)
  expect(go('Up', 9)).toBe(1)
  expect(go('Up')).toBe(0)
  expect(placeAfter('Enter', 0, rows)).toBeUndefined()
})
