import { expect, test } from 'vitest'
import type { Entry } from '../history/entry.ts'
import { check } from './check.ts'
import { smallHistory } from './fixtures/small.ts'

const mebibyte = 1024 * 1024

/** What C12 says of a notify-server with so many streams of a crowd, megabytes and descriptors each second. */
function judged(...samples: [crowd: number, mebibytes: number, descriptors: number][]): string[] {
  const entries = samples.map(([crowd, rss, descriptors], n): Entry => ({
    type: 'sample',
    at: n * 1000,
    process: 'notify-1',
    pid: 7,
    rss: rss * mebibyte,
    held: rss * mebibyte,
    descriptors,
    crowd,
  }))
  const { checks } = check(smallHistory(entries))
  return checks.find(({ id }) => id === 'C12')?.violations.map(({ says }) => says) ?? []
}

test('a crowd may take memory and descriptors while it is there', () => {
  expect(judged([0, 130, 30], [5000, 450, 5030])).toEqual([])
  expect(judged([0, 130, 30], [0, 500, 5030])).toHaveLength(2)
})

test('when it has gone its descriptors are to be closed, and nothing is to be held for it', () => {
  expect(judged([0, 130, 30], [5000, 450, 5030], [0, 140, 30])).toEqual([])
  expect(judged([0, 130, 30], [5000, 450, 5030], [0, 140, 1030])).toHaveLength(1)
  expect(judged([0, 130, 30], [5000, 450, 5030], [0, 240, 30])).toHaveLength(1)
})

test('of one that was there at first only what came later is allowed', () => {
  expect(judged([5000, 400, 5030], [5000, 700, 5030])).toHaveLength(1)
  expect(judged([5000, 400, 5030], [9000, 660, 9030])).toEqual([])
})

test('growth is steady when it goes on while the crowd stays as it is', () => {
  const growing = (crowd: (n: number) => number) =>
    Array.from({ length: 40 }, (_, n): [number, number, number] => [crowd(n), 200 + n * 9, 30])
  const steady = judged(...growing(() => 5000)).filter((says) => says.includes('steadily'))
  expect(steady).toHaveLength(1)
  const coming = judged(...growing((n) => n * 200)).filter((says) => says.includes('steadily'))
  expect(coming).toEqual([])
})
