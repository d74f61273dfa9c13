import { expect, test } from 'vitest'
import { createRecency } from './recency.ts'

const hour = 3_600_000
const start = Date.parse('2026-01-01T00:00:00.000Z')
const at = (ms: number): string => new Date(start + ms).toISOString()

test.each([0, -2 * hour, 2 * hour])(
  'what waited for longer than a few seconds is old, on a clock that is wrong by %d ms',
  (wrong) => {
    const isRecent = createRecency()
    const now = start + wrong
    expect(isRecent(at(0), now + 80)).toBe(true)
    expect(isRecent(at(1_000), now + 4_000)).toBe(true)
    expect(isRecent(at(2_000), now + 8 * hour)).toBe(false)
    expect(isRecent(at(8 * hour), now + 8 * hour + 100)).toBe(true)
    expect(isRecent(at(8 * hour - 6_000), now + 8 * hour + 200)).toBe(false)
  },
)

test('a clock that is set meanwhile is told from the past soon', () => {
  const isRecent = createRecency()
  expect(isRecent(at(0), start)).toBe(true)
  const later = Array.from({ length: 20 }, (_, n) => isRecent(at(n), start + n + hour))
  expect(later.slice(0, -1)).not.toContain(true)
  expect(later.at(-1)).toBe(true)
})
