import { type Ref, onScopeDispose, shallowRef, watch } from 'vue'
import { client } from '../../app/client.ts'
import { useLive } from '../../live/live.ts'

/** How long the last message is looked at before it counts as read, in milliseconds. */
const lookMs = 500

export interface Unread {
  /** Others' messages behind this seq have the New line above them; undefined for none. */
  newAfter: Ref<number | undefined>
  /** From here on it stays unread until the chat is left. */
  markFrom(seq: number): Promise<void>
}

/**
 * Moves the chat's read marker when its last message was looked at: `lastSeen` is that one's seq while
 * it is on the screen. Remembers what was not read when the chat was opened.
 */
export function useUnread(
  chatId: number,
  present: Readonly<Ref<boolean>>,
  lastSeen: () => number | undefined,
): Unread {
  const live = useLive()
  const chat = () => live.chat(chatId)
  const opened = chat()
  const newAfter = shallowRef(
    opened && opened.unread_count > 0 ? (opened.read_seq ?? undefined) : undefined,
  )
  const held = shallowRef(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  /** The seq to mark as read; undefined where nothing is, or nobody looks. */
  function due(): number | undefined {
    const { read_seq = null, unread_count = 0, mention_count = 0 } = chat() ?? {}
    const seq = lastSeen()
    if (held.value || !present.value || read_seq === null || seq === undefined) return undefined
    return seq > read_seq && unread_count + mention_count > 0 ? seq : undefined
  }

  async function look(): Promise<void> {
    timer = undefined
    const seq = due()
    if (seq !== undefined)
      await client.moveReadMarker({ params: { id: chatId }, body: { seq } }).catch(() => undefined)
  }

  const end = live.onEvents((events) => {
    const others = events.some(
      (event) =>
        event.topic === `chat:${chatId}` &&
        event.kind === 'NewMessage' &&
        event.message.sender_id !== live.state?.me.id,
    )
    const read = chat()?.read_seq ?? undefined
    // Whoever is away finds the line where they stopped.
    if (others && !present.value && read !== undefined && read > (newAfter.value ?? -1))
      newAfter.value = read
  })
  watch(
    () => due(),
    (seq) => {
      if (seq !== undefined) timer ??= setTimeout(() => void look(), lookMs)
      else {
        clearTimeout(timer)
        timer = undefined
      }
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    end()
    clearTimeout(timer)
  })

  return {
    newAfter,
    async markFrom(seq) {
      held.value = true
      newAfter.value = seq - 1
      await client.moveReadMarker({ params: { id: chatId }, body: { seq: seq - 1 } })
    },
  }
}
