import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createThrottle } from './throttle.ts'

const limits = { everyMs: 3000, jitterMs: 500, most: 3 }

/** What is let through of calls with these pauses between them, by when. */
function passed(pauses: readonly number[]): number[] {
  let now = 0
  const due = createThrottle({ ...limits, now: () => now })
  return pauses.flatMap((pause) => {
    now += pause
    return due('a') ? [now] : []
  })
}

test('two are at least as far apart as said, but for the jitter, and many are as far apart on average', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4000), { maxLength: 100 }), (pauses) => {
      const times = passed(pauses)
      times.forEach((time, at) => {
        for (const [before, earlier] of times.slice(0, at).entries())
          expect(time - earlier).toBeGreaterThanOrEqual((at - before) * 3000 - 500)
      })
    }),
  )
})

test('whoever keeps the time, as well as networks do, always gets through', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(400), { maxLength: 100 }), (delays) => {
      const times = delays.map((delay, at) => at * 3000 + delay)
      expect(passed(times.map((time, at) => time - (times[at - 1] ?? 0)))).toHaveLength(
        delays.length,
      )
    }),
  )
})

test('keys do not know of each other, and with too many of them new ones wait', () => {
  let now = 0
  const due = createThrottle({ ...limits, now: () => now })
  expect(['a', 'b', 'c', 'd', 'a'].map(due)).toEqual([true, true, true, false, false])
  now = 3000
  expect(['d', 'a', 'b', 'c'].map(due)).toEqual([true, true, true, false])
})
