import { computed, watch } from 'vue'
import { useRoute } from 'vue-router'
import { useSession } from '../auth/session.ts'
import { chatName, isChannel } from '../chats/chat-name.ts'
import { attentionOf, badgeOf, titleOf } from './attention.ts'
import { showBadge } from './favicon.ts'
import { useLive } from './live.ts'

/** Keeps the page's title and icon in step with the place and with what is unread. */
export function useTitle(): void {
  const live = useLive()
  const session = useSession()
  const route = useRoute()

  const attention = computed(() => attentionOf(live.chats))
  const place = computed(() => {
    const chat = live.state?.chats.get(Number(route.params['chat']))
    const id = Number(route.params['workspace'])
    const workspace = live.workspaces.find((one) => one.id === id)?.name ?? 'Parley'
    if (!chat) return [workspace]
    const name = chatName(chat, session.me?.id ?? 0, live.userName)
    return [isChannel(chat) ? `#${name}` : name, workspace]
  })
  watch(
    () => titleOf(attention.value, place.value),
    (title) => (document.title = title),
    { immediate: true },
  )
  watch(
    () => badgeOf(attention.value),
    (badge) => void showBadge(badge).catch(() => undefined),
    { immediate: true },
  )
}
