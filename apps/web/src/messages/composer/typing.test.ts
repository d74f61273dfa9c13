import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createTyping, named } from './typing.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0 }))
afterEach(() => void vi.useRealTimers())

function stage() {
  const told: [chat: number, at: number][] = []
  return { told, typing: createTyping((chat) => told.push([chat, Date.now()])) }
}

test('typing is told every three seconds at the most, in each chat', () => {
  const { told, typing } = stage()
  for (let n = 0; n < 70; n++) {
    typing.typed(1)
    vi.advanceTimersByTime(100)
  }
  typing.typed(2)
  expect(told).toEqual([
    [1, 0],
    [1, 3_000],
    [1, 6_000],
    [2, 7_000],
  ])
})

test('what is typed too early to be told is told when it may be, unless it was sent by then', () => {
  const { told, typing } = stage()
  typing.typed(1)
  typing.typed(2)
  typing.typed(1)
  typing.typed(2)
  typing.ended(2)
  vi.runAllTimers()
  expect(told).toEqual([
    [1, 0],
    [2, 0],
    [1, 3_000],
  ])
})

test('three are named, more are several', () => {
  expect(named([1, 2, 3])).toEqual([1, 2, 3])
  expect(named([1, 2, 3, 4])).toEqual([])
})
