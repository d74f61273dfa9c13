import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createSaving } from './saving.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function begin() {
  const saves: number[] = []
  let able = true
  const saving = createSaving(() => {
    if (able) saves.push(Date.now() - start)
    return able
  })
  const start = Date.now()
  return { saving, saves, allow: (next: boolean) => void (able = next) }
}

test('the first change is saved after a second, those that follow every five', () => {
  const { saving, saves } = begin()
  for (let i = 0; i < 100; i++) {
    saving.soon()
    vi.advanceTimersByTime(100)
  }
  expect(saves).toEqual([1000, 6000])
})

test('who leaves saves what changed since, once', () => {
  const { saving, saves } = begin()
  saving.soon()
  saving.now()
  saving.now()
  vi.advanceTimersByTime(60_000)
  expect(saves).toEqual([0])
})

test('what could not be saved is saved later', () => {
  const { saving, saves, allow } = begin()
  allow(false)
  saving.soon()
  vi.advanceTimersByTime(2500)
  allow(true)
  vi.advanceTimersByTime(60_000)
  expect(saves).toEqual([3000])
})
