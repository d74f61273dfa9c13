import type { Event, Message } from '@parley/contract'
import { meetUsers } from '@parley/sdk'
import { defineStore } from 'pinia'
import { type ShallowRef, shallowRef, watch } from 'vue'
import { client } from '../app/client.ts'
import { useLive } from '../live/live.ts'
import {
  type Place,
  type Segment,
  applyToSegments,
  closed,
  hasMoreAfter,
  hasMoreBefore,
  insertMessage,
  keepAround,
  mergeSegment,
  segmentAt,
  segmentOf,
} from './segments.ts'

/** The run of messages that a list shows, ascending by seq. */
export interface Timeline {
  readonly messages: readonly Message[]
  readonly hasMoreBefore: boolean
  readonly hasMoreAfter: boolean
}

interface Chat {
  readonly id: number
  segments: readonly Segment[]
  /** A seq of the segment that is shown; Infinity for the chat's end. */
  at: number | undefined
  readonly shown: ShallowRef<Timeline | undefined>
  segment: Segment | undefined
  /** Where somebody reads; undefined while no list shows the chat. */
  reading: number | undefined
  /** The requests under way, by what they load, and the events that came meanwhile. */
  readonly loading: Map<string, Promise<void>>
  readonly meanwhile: Set<Event[]>
  /** Grows when events were lost: pages that were asked for before are of no use. */
  generation: number
}

/** Messages in a page, and on each side of what is read when the rest is let go. */
const pageSize = 50
const keptEach = 50
/** A chat that is left keeps so many in memory. */
const keptWhenLeft = 100

/** The messages that were loaded, by chat. */
export const useTimelines = defineStore('timelines', () => {
  const chats = new Map<number, Chat>()
  const live = useLive()

  function chatOf(id: number): Chat {
    const known = chats.get(id)
    if (known) return known
    const made: Chat = {
      id,
      segments: [],
      at: undefined,
      shown: shallowRef(),
      segment: undefined,
      reading: undefined,
      loading: new Map(),
      meanwhile: new Set(),
      generation: 0,
    }
    chats.set(id, made)
    return made
  }

  function put(chat: Chat, segments: readonly Segment[]): void {
    chat.segments = segments
    const segment = chat.at === undefined ? undefined : segmentAt(segments, chat.at)
    if (segment === chat.segment) return
    chat.segment = segment
    chat.shown.value = segment && {
      messages: segment.messages,
      hasMoreBefore: hasMoreBefore(segment),
      hasMoreAfter: hasMoreAfter(segment),
    }
  }

  async function fetchPage(chat: Chat, place: Place, limit = pageSize): Promise<void> {
    const { generation } = chat
    const meanwhile: Event[] = []
    chat.meanwhile.add(meanwhile)
    try {
      const query = { ...place, limit }
      const page = await client.listMessages({ params: { id: chat.id }, query })
      if (generation !== chat.generation) return
      if (live.state) live.state = meetUsers(live.state, page.users)
      const fresh = segmentOf(page, place)
      if (!fresh) return
      const merged = mergeSegment(chat.segments, fresh)
      put(
        chat,
        meanwhile.reduce((segments, event) => applyToSegments(segments, event, chat.id), merged),
      )
    } finally {
      chat.meanwhile.delete(meanwhile)
    }
  }

  /** One request for the same thing at a time. */
  function once(chat: Chat, what: string, work: () => Promise<void>): Promise<void> {
    const known = chat.loading.get(what)
    if (known) return known
    const running = work().finally(() => chat.loading.delete(what))
    chat.loading.set(what, running)
    return running
  }

  async function older(chatId: number): Promise<void> {
    const chat = chatOf(chatId)
    const before = chat.segment?.from ?? 0
    if (before > 0) await once(chat, 'older', () => fetchPage(chat, { before }))
  }

  async function newer(chatId: number): Promise<void> {
    const chat = chatOf(chatId)
    const after = chat.segment?.to ?? Infinity
    if (after !== Infinity) await once(chat, 'newer', () => fetchPage(chat, { after }))
  }

  /** Shows the messages around a seq: those that are loaded, or else a page. */
  async function show(chatId: number, seq: number): Promise<void> {
    const chat = chatOf(chatId)
    if (!segmentAt(chat.segments, seq))
      await once(chat, `around ${seq}`, () => fetchPage(chat, { around: seq }))
    chat.at = seq
    put(chat, chat.segments)
  }

  /** Shows the chat's end. */
  async function latest(chatId: number): Promise<void> {
    const chat = chatOf(chatId)
    if (!segmentAt(chat.segments, Infinity)) await once(chat, 'latest', () => fetchPage(chat, {}))
    chat.at = Infinity
    put(chat, chat.segments)
  }

  /** What is shown first: what is not read, or the end. */
  async function open(chatId: number): Promise<void> {
    const chat = live.chat(chatId)
    const read = chat?.read_seq ?? null
    if (chatOf(chatId).shown.value) return
    if (!chat || chat.unread_count === 0 || read === null) await latest(chatId)
    else await show(chatId, read + 1)
  }

  const forget = (chat: Chat): void => {
    chat.generation++
    chat.at = undefined
    put(chat, [])
  }

  /** Keeps what somebody reads, and asks again for it and for what came after. */
  function restart(chat: Chat): void {
    const { segment, reading } = chat
    const kept = segment && reading !== undefined && keepAround(segment, reading, keptEach)
    forget(chat)
    if (!kept || reading === undefined) return
    chat.at = kept.messages[0]?.seq
    put(chat, [closed(kept)])
    void fetchPage(chat, { around: reading }, 2 * keptEach).catch(() => undefined)
  }

  live.onEvents((events) => {
    for (const event of events) {
      if (event.kind === 'RemoveFromChat' || event.kind === 'ChatDeleted')
        forget(chatOf(event.chat_id))
      if (!event.topic.startsWith('chat:')) continue
      const chat = chats.get(Number(event.topic.slice('chat:'.length)))
      if (!chat) continue
      for (const list of chat.meanwhile) list.push(event)
      put(chat, applyToSegments(chat.segments, event, chat.id))
    }
  })
  live.onRestart(() => {
    for (const chat of chats.values()) restart(chat)
  })
  watch(
    () => live.state === undefined,
    (signedOut) => {
      if (signedOut) for (const chat of chats.values()) forget(chat)
    },
  )

  const find = (chat: Chat, matches: (message: Message) => boolean): Message | undefined =>
    chat.segments.flatMap(({ messages }) => messages).find(matches)

  return {
    of: (chatId: number): ShallowRef<Timeline | undefined> => chatOf(chatId).shown,
    open,
    older,
    newer,
    show,
    latest,
    /** Where a list's reader is; undefined when it is taken away. */
    reads(chatId: number, seq: number | undefined): void {
      const chat = chatOf(chatId)
      const left = seq === undefined ? chat.reading : undefined
      chat.reading = seq
      if (left === undefined || !chat.segment) return
      const kept = keepAround(chat.segment, left, keptWhenLeft)
      if (!kept) return
      chat.at = hasMoreAfter(kept) ? left : Infinity
      put(chat, [kept])
    },
    /** A message by its id, from what is loaded or the server; undefined where it is not there. */
    async ensureMessage(chatId: number, messageId: number): Promise<Message | undefined> {
      const known = find(chatOf(chatId), ({ id }) => id === messageId)
      const params = { id: chatId, message_id: messageId }
      return known ?? client.getMessage({ params }).catch(() => undefined)
    },
    /** What the server answered to one's own message, which may come before its event. */
    received(message: Message): void {
      const chat = chatOf(message.chat_id)
      put(
        chat,
        chat.segments.map((segment) => insertMessage(segment, message)),
      )
    },
    /** The last one that was loaded, to be edited. */
    lastOwnMessage: (chatId: number): Message | undefined =>
      chatOf(chatId).segment?.messages.findLast(
        ({ sender_id, deleted_at }) => sender_id === live.state?.me.id && deleted_at === null,
      ),
  }
})
