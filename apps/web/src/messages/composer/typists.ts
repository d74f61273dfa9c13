import { type Typists, typistsAfter, typistsAt, typistsIn } from '@parley/sdk'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { useLive } from '../../live/live.ts'

/** Who writes where, as far as it was told. */
export const useTypists = defineStore('typists', () => {
  const live = useLive()
  const typists = shallowRef<Typists>([])
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Runs only as long as somebody writes. */
  function expire(): void {
    clearTimeout(timer)
    const now = Date.now()
    typists.value = typistsAt(typists.value, now)
    const next = Math.min(...typists.value.map(({ until }) => until))
    if (Number.isFinite(next)) timer = setTimeout(expire, Math.max(0, next - now))
  }
  live.onEphemeral((event) => {
    if (event.kind !== 'Typing') return
    typists.value = typistsAfter(typists.value, event, Date.now())
    expire()
  })
  live.onEvents((events) => {
    if (typists.value.length === 0) return
    for (const event of events)
      if (event.kind === 'NewMessage')
        typists.value = typistsAfter(typists.value, event, Date.now())
    expire()
  })

  return {
    /** Longest first. */
    of: (chatId: number): readonly number[] => typistsIn(typists.value, chatId, Date.now()),
  }
})
