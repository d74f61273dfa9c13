import type { Event, Message } from '@parley/contract'
import { defineStore } from 'pinia'
import { type ShallowRef, watch } from 'vue'
import { cachedMessages, rememberMessages } from '../live/cache.ts'
import { createListeners } from '../live/listeners.ts'
import { useLive } from '../live/live.ts'
import { Loaded, type Timeline } from './loaded.ts'
import { createPages } from './pages.ts'

/** Messages of a restart, which asks for all that was kept. */
const restartSize = 100

/** What happens to the chats whose messages are loaded. */
function follow(live: ReturnType<typeof useLive>, chats: Map<number, Loaded>): void {
  function take(event: Event): void {
    if (event.kind === 'RemoveFromChat' || event.kind === 'ChatDeleted')
      chats.get(event.chat_id)?.forget()
    // While one only looked at it nobody told what came.
    if (event.kind === 'AddToChat') chats.get(event.chat.id)?.reopen()
    if (event.topic.startsWith('chat:'))
      chats.get(Number(event.topic.slice('chat:'.length)))?.apply(event)
  }
  live.onEvents((events) => {
    for (const event of events) take(event)
  })
  watch(
    () => live.state === undefined,
    (signedOut) => {
      if (signedOut) for (const chat of chats.values()) chat.forget()
    },
  )
}

/** A chat that begins with what the browser kept of it, and keeps its end there. */
function kept(id: number): Loaded {
  const chat = new Loaded(id, (messages) => rememberMessages(id, messages))
  const before = cachedMessages(id)
  if (before) chat.preview(before)
  return chat
}

/** The messages that were loaded, by chat. */
export const useTimelines = defineStore('timelines', () => {
  const chats = new Map<number, Loaded>()
  const shown = createListeners<void>()
  const live = useLive()
  follow(live, chats)

  function chatOf(id: number): Loaded {
    const known = chats.get(id)
    if (known) return known
    const chat = kept(id)
    chats.set(id, chat)
    watch(chat.shown, () => shown.tell(), { flush: 'sync' })
    return chat
  }
  const pages = createPages(live, chatOf)

  /** What is shown first: what is not read, or the end. */
  async function open(chatId: number): Promise<void> {
    const chat = chatOf(chatId)
    if (chat.segment) return
    // What was kept is shown already: being live comes first.
    if (chat.shown.value) await live.settled()
    const { unread_count = 0, read_seq = null } = live.chat(chatId) ?? {}
    if (unread_count === 0 || read_seq === null) await pages.latest(chatId)
    else await pages.show(chatId, read_seq + 1)
  }

  live.onRestart(() => {
    for (const chat of chats.values()) {
      const around = chat.restart()
      if (around !== undefined)
        void pages.fetch(chat, { around }, restartSize).catch(() => undefined)
    }
  })

  return {
    of: (chatId: number): ShallowRef<Timeline | undefined> => chatOf(chatId).shown,
    open,
    older: pages.older,
    newer: pages.newer,
    showMessage: pages.showMessage,
    showTime: pages.showTime,
    /** Shows the chat's first messages. */
    first: (chatId: number): Promise<void> => pages.show(chatId, 0),
    latest: pages.latest,
    /** A list shows the chat from now on, until it leaves. */
    enter: (chatId: number): void => void (chatOf(chatId).isListed = true),
    /** Where a list's reader is. */
    reads: (chatId: number, seq: number): void => void (chatOf(chatId).reading = seq),
    leave: (chatId: number): void => chatOf(chatId).left(),
    /** What the server answered to one's own message, which may come before its event. */
    received: (message: Message): void => chats.get(message.chat_id)?.insert(message),
    /** Whether a message that the chat has is where its list shows it; so it is where there is no list. */
    shows: (chatId: number, seq: number): boolean => chats.get(chatId)?.shows(seq) ?? true,
    /** Told when a list shows other messages, before they are drawn. Returns what ends it. */
    onShown: shown.on,
    /** The last one that was loaded, to be edited. */
    lastOwnMessage: (chatId: number): Message | undefined =>
      chatOf(chatId).segment?.messages.findLast(
        ({ sender_id, deleted_at }) => sender_id === live.state?.me.id && deleted_at === null,
      ),
  }
})
