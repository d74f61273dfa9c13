import type { Chat, Event, Message } from '@parley/contract'
import { onScopeDispose, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useSession } from '../auth/session.ts'
import { chatName, isChannel } from '../chats/chat-name.ts'
import { useLive } from '../live/live.ts'
import { summaryOf } from '../messages/summary.ts'
import { say as t } from '../words/say.ts'
import { useDnd } from '../presence/dnd.ts'
import { worthTelling } from './rule.ts'
import { isViewed, view } from './viewed.ts'

/** What came while there was no connection for longer is not told one by one, in milliseconds. */
const freshMs = 60_000
const mostCharacters = 200

/** Asks the browser's other process and waits for it: not for each event. */
const mayNotify = (): boolean => 'Notification' in window && Notification.permission === 'granted'

/** Tells of messages by notifications of the system, in the one tab that follows the stream. */
export function useNotifications(): void {
  const live = useLive()
  const session = useSession()
  const router = useRouter()
  const dnd = useDnd()
  let lastLive = performance.now()
  const place = ({ id, workspace_id }: Chat, message: Message): string => {
    const chat = `/w/${workspace_id ?? live.workspaces[0]?.id ?? 0}/c/${id}`
    return router.resolve(`${chat}/m/${message.id}`).matched.length > 0
      ? `${chat}/m/${message.id}`
      : chat
  }

  function show(chat: Chat, message: Message): void {
    const name = live.userName(message.sender_id)
    const where = `#${chatName(chat, session.me?.id ?? 0, live.userName)}`
    const title = isChannel(chat) ? t('notify.in', { name, chat: where }) : name
    const notification = new Notification(title, {
      body: summaryOf(message).slice(0, mostCharacters),
      tag: `parley-${message.id}`,
      icon: '/icon.svg',
      // What is to be heard is chosen by its kind.
      silent: true,
    })
    notification.addEventListener('click', () => {
      window.focus()
      notification.close()
      void router.push(place(chat, message))
    })
  }
  async function consider(event: Event, me: number): Promise<void> {
    if (event.kind !== 'NewMessage') return
    const chat = live.chat(event.message.chat_id)
    const circumstances = { me, chat, viewed: false, dnd: dnd.active() }
    const message = worthTelling(event, circumstances)
    if (!chat || !message || !mayNotify() || (await isViewed(me, chat.id))) return
    show(chat, message)
  }
  const end = live.onEvents((events) => {
    if (live.connection.state === 'live') lastLive = performance.now()
    const me = session.me?.id
    if (me === undefined || !live.leads() || performance.now() - lastLive > freshMs) return
    for (const event of events) void consider(event, me)
  })
  watch(
    () => live.connection.state,
    () => (lastLive = performance.now()),
  )
  onScopeDispose(end)
  useViewing()
}

/** Keeps the other tabs told of what is looked at here. */
function useViewing(): void {
  const route = useRoute()
  const session = useSession()
  const over = new AbortController()
  let end: (() => void) | undefined
  const look = (): void => {
    end?.()
    end = undefined
    const chat = Number(route.params['chat'])
    if (session.me && chat > 0 && document.hasFocus()) end = view(session.me.id, chat)
  }
  addEventListener('focus', look, { signal: over.signal })
  addEventListener('blur', look, { signal: over.signal })
  watch(() => route.params['chat'], look, { immediate: true })
  onScopeDispose(() => {
    over.abort()
    end?.()
  })
}
