import type { Event, Message } from '@parley/contract'
import { isRefused, meetUsers } from '@parley/sdk'
import { defineStore } from 'pinia'
import { type ShallowRef, watch } from 'vue'
import { client } from '../app/client.ts'
import { cachedMessages, rememberMessages } from '../live/cache.ts'
import { useLive } from '../live/live.ts'
import { allReadable } from '../live/readable.ts'
import { Loaded, type Timeline } from './loaded.ts'
import type { Place } from './segments.ts'

/** Messages in a page; of a restart, which asks for all that was kept. */
const pageSize = 50
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
  const loading = new Map<string, Promise<readonly Message[]>>()
  const live = useLive()
  follow(live, chats)

  function chatOf(id: number): Loaded {
    const chat = chats.get(id) ?? kept(id)
    chats.set(id, chat)
    return chat
  }

  async function fetchPage(
    chat: Loaded,
    place: Place,
    limit = pageSize,
  ): Promise<readonly Message[]> {
    const query = { ...place, limit }
    const page = await chat.take(place, async () => {
      const answer = await client.listMessages({ params: { id: chat.chatId }, query })
      return { ...answer, messages: allReadable(answer.messages) }
    })
    if (live.state) live.state = meetUsers(live.state, page.users)
    return page.messages
  }

  /** One request at each edge, and for each place, at a time. */
  function once(chat: Loaded, what: string, place: Place): Promise<readonly Message[]> {
    const key = `${chat.chatId} ${what}`
    const running = loading.get(key) ?? fetchPage(chat, place).finally(() => loading.delete(key))
    loading.set(key, running)
    return running
  }

  async function older(chatId: number): Promise<void> {
    const chat = chatOf(chatId)
    const before = chat.segment?.from ?? 0
    if (before > 0) await once(chat, 'older', { before })
  }

  async function newer(chatId: number): Promise<void> {
    const chat = chatOf(chatId)
    const after = chat.segment?.to ?? Infinity
    if (after !== Infinity) await once(chat, 'newer', { after })
  }

  /** Shows the messages around a seq: those that are loaded, or else a page. */
  async function show(chatId: number, seq: number): Promise<void> {
    const chat = chatOf(chatId)
    if (!chat.has(seq)) await once(chat, `around ${seq}`, { around: seq })
    chat.show(seq)
  }

  /** Shows a message by its id, loaded or not, and those around it; undefined where it is not there. */
  async function showMessage(chatId: number, id: number): Promise<Message | undefined> {
    const chat = chatOf(chatId)
    const isIt = (message: Message): boolean => message.id === id
    const found = chat.messages.find(isIt) ?? (await fetchMessage(chat, id)).find(isIt)
    if (found) chat.show(found.seq)
    return found
  }
  async function fetchMessage(chat: Loaded, id: number): Promise<readonly Message[]> {
    try {
      return await once(chat, `message ${id}`, { around_message: id })
    } catch (error) {
      if (isRefused(error)) return []
      throw error
    }
  }

  /** Shows what was written at a time, and tells the first of then or later, or else the last before. */
  async function showTime(chatId: number, time: Date): Promise<Message | undefined> {
    const chat = chatOf(chatId)
    const asked = time.toISOString()
    const page = await once(chat, `time ${asked}`, { around_time: asked })
    const found = page.find(({ created_at }) => created_at >= asked) ?? page.at(-1)
    chat.show(found?.seq ?? Infinity)
    return found
  }

  /** Shows the chat's end. */
  async function latest(chatId: number): Promise<void> {
    const chat = chatOf(chatId)
    if (!chat.has(Infinity)) await once(chat, 'latest', {})
    chat.show(Infinity)
  }

  /** What is shown first: what is not read, or the end. */
  async function open(chatId: number): Promise<void> {
    const chat = chatOf(chatId)
    if (chat.segment) return
    // What was kept is shown already: being live comes first.
    if (chat.shown.value) await live.settled()
    const { unread_count = 0, read_seq = null } = live.chat(chatId) ?? {}
    if (unread_count === 0 || read_seq === null) await latest(chatId)
    else await show(chatId, read_seq + 1)
  }

  live.onRestart(() => {
    for (const chat of chats.values()) {
      const around = chat.restart()
      if (around !== undefined) void fetchPage(chat, { around }, restartSize).catch(() => undefined)
    }
  })

  return {
    of: (chatId: number): ShallowRef<Timeline | undefined> => chatOf(chatId).shown,
    open,
    older,
    newer,
    showMessage,
    showTime,
    latest,
    /** Where a list's reader is; undefined when it is taken away. */
    reads(chatId: number, seq: number | undefined): void {
      const chat = chatOf(chatId)
      if (seq === undefined) chat.left()
      else chat.reading = seq
    },
    /** What the server answered to one's own message, which may come before its event. */
    received: (message: Message): void => chatOf(message.chat_id).insert(message),
    /** The last one that was loaded, to be edited. */
    lastOwnMessage: (chatId: number): Message | undefined =>
      chatOf(chatId).segment?.messages.findLast(
        ({ sender_id, deleted_at }) => sender_id === live.state?.me.id && deleted_at === null,
      ),
  }
})
