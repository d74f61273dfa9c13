import type { Member } from '@parley/contract'
import { onScopeDispose, ref, shallowRef } from 'vue'
import { client } from '../app/client.ts'
import { useLive } from '../live/live.ts'
import { applyToMembers } from './member-list.ts'

/** A chat's members, by pages, kept up to date by events. */
export function useMembers(chatId: number) {
  const live = useLive()
  const members = shallowRef<readonly Member[]>([])
  const hasMore = ref(true)
  const state = ref<'idle' | 'loading' | 'failed'>('idle')

  async function more(): Promise<void> {
    if (state.value === 'loading' || !hasMore.value) return
    state.value = 'loading'
    const after = members.value.at(-1)?.id
    try {
      const query = { limit: 100, ...(after === undefined ? {} : { after }) }
      const page = await client.listChatMembers({ params: { id: chatId }, query })
      const fresh = new Set(page.members.map(({ id }) => id))
      members.value = [...members.value.filter(({ id }) => !fresh.has(id)), ...page.members]
      hasMore.value = page.has_more
      state.value = 'idle'
    } catch {
      state.value = 'failed'
    }
  }
  function again(): void {
    members.value = []
    hasMore.value = true
    void more()
  }
  const stops = [
    live.onEvents((events) => {
      members.value = events.reduce(
        (list, event) => applyToMembers(list, event, chatId, hasMore.value),
        members.value,
      )
    }),
    live.onRestart(again),
  ]
  onScopeDispose(() => {
    for (const stop of stops) stop()
  })
  void more()
  return { members, hasMore, state, more }
}
