import type { Member } from '@parley/contract'
import { onScopeDispose, ref, shallowRef } from 'vue'
import { useLive } from '../live/live.ts'
import { applyToMembers } from './member-list.ts'
import type { MembersOf } from './members-of.ts'

/** The members of a chat or workspace, by pages, kept up to date by events. */
export function useMembers(of: MembersOf) {
  const live = useLive()
  const members = shallowRef<readonly Member[]>([])
  const hasMore = ref(true)
  const state = ref<'idle' | 'loading' | 'failed'>('idle')

  async function more(): Promise<void> {
    if (state.value === 'loading' || !hasMore.value) return
    state.value = 'loading'
    try {
      const page = await of.page(members.value.at(-1)?.id)
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
      for (const event of events) {
        const change = of.change(event)
        if (change) members.value = applyToMembers(members.value, change, hasMore.value)
      }
    }),
    live.onRestart(again),
  ]
  onScopeDispose(() => {
    for (const stop of stops) stop()
  })
  void more()
  return { members, hasMore, state, more }
}
