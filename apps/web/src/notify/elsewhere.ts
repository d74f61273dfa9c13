import type { Event } from '@parley/contract'
import { onScopeDispose } from 'vue'
import { useRoute } from 'vue-router'
import { useSession } from '../auth/session.ts'
import { chatName } from '../chats/chat-name.ts'
import { useLive } from '../live/live.ts'
import { summaryOf } from '../messages/summary.ts'
import { useDnd } from '../presence/dnd.ts'
import { useSpeech } from '../ui/speech.ts'
import { say as t } from '../words/say.ts'
import { meantFor, worthTelling } from './rule.ts'

const longest = 300

/** What is meant for the person in chats that are not open, in words; only in the window in front. */
export function useElsewhere() {
  const live = useLive()
  const session = useSession()
  const route = useRoute()
  const dnd = useDnd()
  const speech = useSpeech((count) => t('notify.for_you', { count }))

  function worded(event: Event, me: number): string[] {
    const chat = event.kind === 'NewMessage' ? live.chat(event.message.chat_id) : undefined
    const viewed = chat?.id === Number(route.params['chat'])
    const message = worthTelling(event, { me, chat, viewed, dnd: dnd.active() })
    const meant = chat && message && meantFor(message, chat, me)
    if (!meant) return []
    const from = live.userName(message.sender_id)
    const where = `#${chatName(chat, me, live.userName)}`
    const name = meant === 'direct' ? from : t('notify.in', { name: from, chat: where })
    return [t('list.said', { name, text: summaryOf(message).slice(0, longest) })]
  }
  const end = live.onEvents((events) => {
    const me = session.me?.id
    if (me === undefined || !document.hasFocus()) return
    speech.add(events.flatMap((event) => worded(event, me)))
  })
  onScopeDispose(end)
  return speech.said
}
