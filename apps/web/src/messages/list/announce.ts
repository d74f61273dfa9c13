import type { Event } from '@parley/contract'
import { onScopeDispose } from 'vue'
import { useLive } from '../../live/live.ts'
import { useSpeech } from '../../ui/speech.ts'
import { say as t } from '../../words/say.ts'
import { summaryOf } from '../summary.ts'

const longest = 300

/** Others' new messages of a chat, in words: one by one, or how many where they come fast. */
export function useAnnouncements(chatId: number) {
  const live = useLive()
  const speech = useSpeech((count) => t('list.jump_new', { count }))

  function worded(event: Event): string[] {
    if (event.topic !== `chat:${chatId}` || event.kind !== 'NewMessage') return []
    const { message } = event
    if (message.sender_id === live.state?.me.id) return []
    const text = summaryOf(message).slice(0, longest)
    return [t('list.said', { name: live.userName(message.sender_id), text })]
  }
  onScopeDispose(live.onEvents((events) => speech.add(events.flatMap(worded))))
  return speech.said
}
