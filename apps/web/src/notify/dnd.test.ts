// @vitest-environment node
import { expect, test, vi } from 'vitest'

test('until tomorrow is until eight in the morning of the next day, also when clocks change', async () => {
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('BroadcastChannel', EventTarget)
  vi.stubGlobal('location', { origin: 'http://localhost' })
  vi.stubGlobal('localStorage', { getItem: () => null })
  const { tomorrow } = await import('./dnd.ts')
  for (const [now, then] of [
    [new Date(2026, 2, 28, 23, 59), new Date(2026, 2, 29, 8)],
    [new Date(2026, 11, 31, 0, 1), new Date(2027, 0, 1, 8)],
  ] as const)
    expect(tomorrow(now)).toBe(then.getTime())
})
