import type { Event, Message } from '@parley/contract'
import { applyToMessages } from '@parley/sdk'
import { defineStore } from 'pinia'
import { type ShallowRef, shallowRef, triggerRef } from 'vue'
import { client } from '../app/client.ts'
import { cachedMessages, rememberMessages } from '../live/cache.ts'
import { useLive } from '../live/live.ts'

export interface Timeline {
  messages: readonly Message[]
  hasMoreBefore: boolean
  /** From the disk, so perhaps not the last ones. */
  kept?: boolean
}

/** The messages that were loaded, by chat. */
export const useTimelines = defineStore('timelines', () => {
  const timelines = new Map<number, ShallowRef<Timeline | undefined>>()
  const live = useLive()

  const of = (chatId: number): ShallowRef<Timeline | undefined> => {
    const known = timelines.get(chatId)
    if (known) return known
    const kept = cachedMessages(chatId)
    // Only to look at until the newest page is here.
    const made = shallowRef(kept && { messages: kept, hasMoreBefore: true, kept: true })
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
      if (next === messages) continue
      timeline.value = { ...timeline.value, messages: next }
      if (timeline.value.kept !== true) rememberMessages(chatId, next)
    }
  })
  live.onRestart(() => {
    for (const timeline of timelines.values()) timeline.value = undefined
    for (const timeline of timelines.values()) triggerRef(timeline)
  })

  async function load(chatId: number): Promise<void> {
    const timeline = of(chatId)
    const known = timeline.value?.kept === true ? undefined : timeline.value
    if (known && !known.hasMoreBefore) return
    const before = known?.messages[0]?.seq
    const query = before === undefined ? {} : { before }
    const during: Event[] = []
    const end = live.onEvents((events) => void during.push(...events))
    const page = await client.listMessages({ params: { id: chatId }, query }).finally(end)
    const apply = (list: readonly Message[], event: Event) =>
      applyToMessages(list, event, { chatId, atEnd: true })
    const fetched = known ? page.messages : during.reduce(apply, page.messages)
    const messages = [...fetched, ...(known?.messages ?? [])]
    timeline.value = { messages, hasMoreBefore: page.has_more_before }
    rememberMessages(chatId, messages)
  }

  return { of, load }
})
