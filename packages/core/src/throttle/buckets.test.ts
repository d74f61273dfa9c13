import { expect, test } from 'vitest'
import { type Bucket, giveBack, take, untoldOf } from './buckets.ts'

const key = Buffer.alloc(32)
const bucket = (burst: number, everyMs: number): Bucket => ({
  key,
  size: { limit: 'messages', burst, everyMs },
  fullAt: 0,
  untold: 0,
})
const takeMany = (count: number, buckets: Bucket[], now: number): number =>
  Array.from({ length: count }, () => take(buckets, now)).filter((verdict) => verdict?.allowed)
    .length

test('a bucket gives its burst at once, and then what comes back', () => {
  const one = bucket(5, 200)
  expect(takeMany(9, [one], 1_000)).toBe(5)
  expect(take([one], 1_000)).toMatchObject({ allowed: false, remaining: 0, retryInMs: 200 })
  expect(takeMany(9, [one], 1_199)).toBe(0)
  expect(takeMany(9, [one], 1_200)).toBe(1)
  expect(takeMany(9, [one], 1_800)).toBe(3)
  expect(takeMany(9, [one], 100_000)).toBe(5)
})

test('it says how many are left, and when it is full again', () => {
  const one = bucket(5, 200)
  expect(take([one], 0)).toMatchObject({ allowed: true, burst: 5, remaining: 4, fullInMs: 200 })
  takeMany(4, [one], 0)
  expect(take([one], 100)).toMatchObject({ allowed: false, fullInMs: 900, retryInMs: 100 })
})

test('where one of several refuses, nothing is taken from the others', () => {
  const [wide, narrow] = [bucket(10, 100), bucket(2, 1_000)]
  expect(takeMany(9, [wide, narrow], 0)).toBe(2)
  expect(take([wide, narrow], 0)).toMatchObject({ burst: 2, retryInMs: 1_000 })
  expect(takeMany(99, [wide], 0)).toBe(8)
})

test('what is given back can be taken again, and a bucket never holds more than its burst', () => {
  const one = bucket(3, 100)
  takeMany(3, [one], 0)
  giveBack([one], 0)
  expect(takeMany(9, [one], 0)).toBe(1)
  for (let n = 0; n < 9; n++) giveBack([one], 0)
  expect(takeMany(9, [one], 0)).toBe(3)
})

test('nobody is told of more than a bucket lacks', () => {
  const one = bucket(10, 100)
  takeMany(4, [one], 0)
  expect(untoldOf(one, 0)).toBe(400)
  expect(untoldOf(one, 150)).toBe(250)
  expect(untoldOf(one, 10_000)).toBe(0)
})
