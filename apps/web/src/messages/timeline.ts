import type { Message } from '@parley/contract'
import { applyToMessages } from '@parley/sdk'
import { defineStore } from 'pinia'
import { type ShallowRef, shallowRef, triggerRef } from 'vue'
import { client } from '../app/client.ts'
import { useSession } from '../auth/session.ts'
import { useLive } from '../live/live.ts'

export interface Timeline {
  messages: readonly Message[]
  hasMoreBefore: boolean
}

/** The messages that were loaded, by chat. */
export const useTimelines = defineStore('timelines', () => {
  const timelines = new Map<number, ShallowRef<Timeline | undefined>>()
  const live = useLive()

  const of = (chatId: number): ShallowRef<Timeline | undefined> => {
    const known = timelines.get(chatId)
    if (known) return known
    const made = shallowRef<Timeline>()
    timelines.set(chatId, made)
    return made
  }

  live.onEvents((events) => {
    for (const [chatId, timeline] of timelines) {
      if (!timeline.value) continue
      const { messages } = timeline.value
      const next = events.reduce(
        (list, event) => applyToMessages(list, event, { chatId, atEnd: true }),
        messages,
      )
      if (next !== messages) timeline.value = { ...timeline.value, messages: next }
    }
  })
  live.onRestart(() => {
    for (const timeline of timelines.values()) timeline.value = undefined
    for (const timeline of timelines.values()) triggerRef(timeline)
  })

  async function load(chatId: number): Promise<void> {
    const timeline = of(chatId)
    const before = timeline.value?.messages[0]?.seq
    if (timeline.value && !timeline.value.hasMoreBefore) return
    const query = before === undefined ? {} : { before }
    const page = await client.listMessages({ params: { id: chatId }, query })
    timeline.value = {
      messages: [...page.messages, ...(timeline.value?.messages ?? [])],
      hasMoreBefore: page.has_more_before,
    }
  }

  const session = useSession()
  /** The last one that was loaded, to be edited. */
  const lastOwnMessage = (chatId: number): Message | undefined =>
    of(chatId).value?.messages.findLast(
      ({ sender_id, deleted_at }) => sender_id === session.me?.id && deleted_at === null,
    )

  /** What the server answered to one's own message, which may come before its event. */
  function received(message: Message): void {
    const timeline = of(message.chat_id)
    const last = timeline.value?.messages.at(-1)
    // Others' messages may be on their way where there is a hole.
    if (!timeline.value || !last || message.seq !== last.seq + 1) return
    timeline.value = { ...timeline.value, messages: [...timeline.value.messages, message] }
  }

  return { of, load, lastOwnMessage, received }
})
