import { onScopeDispose, shallowRef } from 'vue'
import { useLive } from '../../live/live.ts'
import { t } from '../../words/words.ts'

/** What is heard comes no faster than this, in milliseconds. */
const leastMs = 1_000
const longest = 300
const kept = 10

/** Others' new messages of a chat, in words: one by one, or how many where they come fast. */
export function useAnnouncements(chatId: number) {
  const live = useLive()
  const said = shallowRef<readonly { id: number; text: string }[]>([])
  let waiting: string[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let count = 0

  function say(): void {
    timer = undefined
    const [first] = waiting
    if (first === undefined) return
    const text = waiting.length === 1 ? first : t('list.jump_new', { count: waiting.length })
    waiting = []
    said.value = [...said.value.slice(1 - kept), { id: ++count, text }]
    timer = setTimeout(say, leastMs)
  }
  const end = live.onEvents((events) => {
    for (const event of events) {
      if (event.topic !== `chat:${chatId}` || event.kind !== 'NewMessage') continue
      const { sender_id, content } = event.message
      if (sender_id === live.state?.me.id) continue
      const text = content.slice(0, longest)
      waiting.push(t('list.said', { name: live.userName(sender_id), text }))
    }
    if (timer === undefined) say()
  })
  onScopeDispose(() => {
    end()
    clearTimeout(timer)
  })
  return said
}
