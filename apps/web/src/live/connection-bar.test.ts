// @vitest-environment node
import type { StreamState } from '@parley/sdk'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { useBar } from './connection-bar.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('the bar comes after two seconds without a connection and says when it is back', async () => {
  const connection = ref<StreamState['state']>('live')
  const scope = effectScope()
  const bar = scope.run(() => useBar(() => connection.value))
  const become = async (state: StreamState['state'], ms: number) => {
    connection.value = state
    await nextTick()
    vi.advanceTimersByTime(ms)
    return bar?.value
  }
  expect(await become('live', 5_000)).toBe('hidden')
  expect(await become('offline', 1_900)).toBe('hidden')
  expect(await become('live', 5_000)).toBe('hidden')
  expect(await become('offline', 1_000)).toBe('hidden')
  expect(await become('connecting', 1_100)).toBe('reconnecting')
  expect(await become('live', 0)).toBe('back')
  expect(await become('live', 2_000)).toBe('hidden')
  scope.stop()
})
