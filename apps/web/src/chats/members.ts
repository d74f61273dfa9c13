import type { Event, Member } from '@parley/contract'
import { onScopeDispose, ref, shallowRef } from 'vue'
import { client } from '../app/client.ts'
import { useLive } from '../live/live.ts'

/** The members after an event of their chat; those who join stand where their page would have them. */
export function applyToMembers(
  members: readonly Member[],
  event: Event,
  chatId: number,
  hasMore: boolean,
): readonly Member[] {
  if (!('chat_id' in event) || event.chat_id !== chatId) return members
  if (event.kind === 'MemberLeft') return members.filter(({ id }) => !event.user_ids.includes(id))
  if (event.kind === 'MemberUpdated')
    return members.map((one) => (one.id === event.user_id ? { ...one, role: event.role } : one))
  if (event.kind !== 'MemberJoined') return members
  const known = new Set(members.map(({ id }) => id))
  const last = members.at(-1)?.id ?? 0
  const fresh = event.members.filter(({ id }) => !known.has(id) && (!hasMore || id < last))
  return [...members, ...fresh].toSorted((a, b) => a.id - b.id)
}

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
