import { expect, test } from 'vitest'
import { tomorrow } from './tomorrow.ts'

test('until tomorrow is until eight in the morning of the next day, also when clocks change', () => {
  for (const [now, then] of [
    [new Date(2026, 2, 28, 23, 59), new Date(2026, 2, 29, 8)],
    [new Date(2026, 11, 31, 0, 1), new Date(2027, 0, 1, 8)],
  ] as const)
    expect(tomorrow(now)).toBe(then.getTime())
})
