import { expect, test } from 'vitest'
import type { Entry } from '../history/entry.ts'
import { fault } from './fixtures/small.ts'
import { indexFaults } from './index-faults.ts'

const begin = (at: number): Entry[] => fault('bell', [at, at]).slice(0, 1)

test('faults that overlap are felt from the first beginning to ten seconds after the last end', () => {
  const faults = indexFaults([
    ...fault('nothing', [1_000, 30_000]),
    ...fault('bell', [2_000, 3_000]),
    ...fault('partition', [60_000, 61_000]),
  ])
  expect(faults.lastEnd).toBe(61_000)
  expect(faults.touched(0, 999)).toBe(false)
  expect(faults.touched(999, 1_000)).toBe(true)
  expect(faults.touched(40_000, 40_001)).toBe(true)
  expect(faults.touched(40_001, 59_999)).toBe(false)
  expect(faults.touched(40_001, 60_000)).toBe(true)
  expect(faults.recoveredAfter(2_500, 2_500)).toBe(40_000)
})

test('a fault without an end lasts until the run heals', () => {
  const { windows } = indexFaults([...begin(5), { type: 'phase', at: 700, phase: 'heal' }])
  expect(windows.map(({ begin, end, recovered }) => [begin, end, recovered])).toEqual([
    [5, 700, 10_700],
  ])
})

test('the same fault on the same target twice is two windows', () => {
  const { windows } = indexFaults([...fault('bell', [1, 2]), ...fault('bell', [3, 4])])
  expect(windows.map(({ begin, end }) => [begin, end])).toEqual([
    [1, 2],
    [3, 4],
  ])
})
