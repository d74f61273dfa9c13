import fc from 'fast-check'
import { expect, test } from 'vitest'
import { initials, personColour } from './person.ts'

test('a person has one of eight colours, always the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (id) => {
      expect([0, 1, 2, 3, 4, 5, 6, 7]).toContain(personColour(id))
      expect(personColour(id)).toBe(personColour(id))
    }),
  )
})

test('ids made one after the other do not all get one colour', () => {
  const first = 1_500_000_000_000_000
  const used = new Set(Array.from({ length: 40 }, (_, i) => personColour(first + i * 4096)))
  expect(used.size).toBe(8)
})

test.each([
  ['Mira Kovač', 'MK'],
  ['jonas', 'J'],
  ['ann-marie.lind', 'AL'],
  ['Élodie', 'É'],
  ['👩‍👩‍👧 family', '👩‍👩‍👧F'],
  ['', ''],
])('the initials of %s are %s', (name, expected) => {
  expect(initials(name)).toBe(expected)
})

test('initials are one or two letters of any name', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (name) => {
      expect(initials(name).length).toBeGreaterThan(0)
    }),
  )
})
