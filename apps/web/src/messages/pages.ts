import type { Message } from '@parley/contract'
import { isRefused, meetUsers } from '@parley/sdk'
import { client } from '../app/client.ts'
import type { useLive } from '../live/live.ts'
import { allReadable } from '../live/readable.ts'
import type { Loaded } from './loaded.ts'
import type { Place } from './segments.ts'

const pageSize = 50

/** Fetches messages, and shows them where they were asked for. */
export function createPages(live: ReturnType<typeof useLive>, chatOf: (id: number) => Loaded) {
  const loading = new Map<string, Promise<readonly Message[]>>()

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

  return { fetch: fetchPage, older, newer, show, showMessage, showTime, latest }
}
