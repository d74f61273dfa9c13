import type { Chat } from '@parley/contract'
import { ParleyError, meetUsers } from '@parley/sdk'
import { computed, shallowRef, watch } from 'vue'
import { client } from '../app/client.ts'
import { useLive } from '../live/live.ts'

/**
 * The chat of the address: one's own, or a public channel that one looks at before joining. `state` is
 * `missing` where there is none, or none that one may see.
 */
export function useShownChat(id: () => number, mayAsk: () => boolean) {
  const live = useLive()
  const looked = shallowRef<Chat>()
  const state = shallowRef<'there' | 'asking' | 'missing' | 'unreachable'>('there')

  const own = computed(() => live.state?.chats.get(id()))
  const chat = computed(() => own.value ?? (looked.value?.id === id() ? looked.value : undefined))

  /** As it was while one was in it. */
  const before = shallowRef<Chat>()
  watch(own, (now) => (before.value = now ?? before.value), { immediate: true })
  /** What one was in a moment ago, while this was its address. */
  const left = computed(() =>
    own.value === undefined && before.value?.id === id() ? before.value : undefined,
  )
  /** Who is no longer in a private chat need not ask: it is as if it was not there. */
  const isClosed = (): boolean => left.value !== undefined && left.value.type !== 'public_channel'

  async function look(): Promise<void> {
    const asked = id()
    looked.value = undefined
    if (own.value) return void (state.value = 'there')
    if (!mayAsk() || isClosed()) return void (state.value = 'missing')
    state.value = 'asking'
    try {
      const found = await client.getChat({ params: { id: asked } })
      if (asked !== id()) return
      looked.value = found
      state.value = 'there'
      await meet(asked)
    } catch (error) {
      if (asked !== id()) return
      state.value = error instanceof ParleyError ? 'missing' : 'unreachable'
    }
  }
  /** No event tells the names of people in a chat that one is not in. */
  async function meet(chatId: number): Promise<void> {
    const input = { params: { id: chatId }, query: { limit: 100 } }
    const page = await client.listChatMembers(input).catch(() => undefined)
    if (live.state) live.state = meetUsers(live.state, page?.members ?? [])
  }
  watch([id, mayAsk, () => own.value === undefined], () => void look(), { immediate: true })
  return {
    chat,
    left,
    state,
    retry: look,
    isMember: computed(() => chat.value !== undefined && chat.value.role !== null),
  }
}
