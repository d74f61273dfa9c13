import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { useSpeech } from './speech.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function stage() {
  const scope = effectScope()
  const speech = scope.run(() => useSpeech((count) => `${count} more`))
  if (!speech) throw new Error('no speech')
  const texts = () => speech.said.value.map(({ text }) => text)
  return { scope, add: speech.add, texts, ids: () => speech.said.value.map(({ id }) => id) }
}

test('the first is said at once, what follows within a second as one', () => {
  const { add, texts } = stage()
  add(['One'])
  expect(texts()).toEqual(['One'])
  add(['Two'])
  add(['Three', 'Four'])
  vi.advanceTimersByTime(999)
  expect(texts()).toEqual(['One'])
  vi.advanceTimersByTime(1)
  expect(texts()).toEqual(['One', '3 more'])
  vi.advanceTimersByTime(1_000)
  add(['Five'])
  expect(texts()).toEqual(['One', '3 more', 'Five'])
})

test('one that waited alone is said as it is, and the same again is another one', () => {
  const { add, texts, ids } = stage()
  add(['One'])
  add(['One'])
  vi.advanceTimersByTime(1_000)
  expect(texts()).toEqual(['One', 'One'])
  expect(new Set(ids()).size).toBe(2)
})

test('only the last few stay, and nothing is said once its place is gone', () => {
  const { add, texts, scope } = stage()
  for (let n = 1; n <= 12; n++) {
    add([`${n}`])
    vi.advanceTimersByTime(1_000)
  }
  expect(texts()).toEqual(['3', '4', '5', '6', '7', '8', '9', '10', '11', '12'])
  add(['13'])
  add(['14'])
  scope.stop()
  vi.advanceTimersByTime(1_000)
  expect(texts().at(-1)).toBe('13')
})
