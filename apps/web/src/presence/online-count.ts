import type { Chat } from '@parley/contract'
import { type Ref, onScopeDispose, ref, watch } from 'vue'
import { client } from '../app/client.ts'
import { useLive } from '../live/live.ts'

/** In larger chats no event tells who comes and goes. */
const mostTold = 100
const againMs = 60_000

/** How many members of a large chat are there, as of the last minute; undefined for others. */
export function useOnlineCount(chat: () => Chat): Readonly<Ref<number | undefined>> {
  const live = useLive()
  const count = ref<number>()
  let timer: ReturnType<typeof setTimeout> | undefined

  async function look(): Promise<void> {
    clearTimeout(timer)
    const { id, member_count } = chat()
    if (member_count <= mostTold) return void (count.value = undefined)
    timer = setTimeout(() => void look(), againMs)
    if (document.visibilityState !== 'visible' || live.connection.state !== 'live') return
    const answer = await client.getChatPresence({ params: { id } }).catch(() => undefined)
    if (chat().id === id) count.value = answer?.online_count
  }
  watch(
    [() => chat().id, () => chat().member_count > mostTold, () => live.connection.state === 'live'],
    ([id], [before]) => {
      if (id !== before) count.value = undefined
      void look()
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return count
}
