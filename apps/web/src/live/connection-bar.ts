import type { StreamState } from '@parley/sdk'
import { onScopeDispose, ref, watch } from 'vue'

/** A connection that is gone for less is not worth a word, in milliseconds. */
const noticeMs = 2_000
/** How long it says that all is well again, in milliseconds. */
const backMs = 2_000

export type Bar = 'hidden' | 'reconnecting' | 'back'

/** What is to be said about the connection. */
export function useBar(connection: () => StreamState['state']) {
  const bar = ref<Bar>('hidden')
  let timer: ReturnType<typeof setTimeout> | undefined
  const after = (ms: number, next: Bar): void => {
    clearTimeout(timer)
    timer = setTimeout(() => (bar.value = next), ms)
  }
  watch(
    () => connection() === 'live',
    (live) => {
      if (!live) {
        after(bar.value === 'back' ? 0 : noticeMs, 'reconnecting')
      } else if (bar.value === 'reconnecting') {
        bar.value = 'back'
        after(backMs, 'hidden')
      } else clearTimeout(timer)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return bar
}
