import { getChat, getMessage, listChatMembers, listEvents, listMessages } from '@parley/contract'
import type { Client } from '@parley/sdk'
import { refusalOf, sees } from '../world/access.ts'
import { same } from '../actions/attempt.ts'
import { covers } from '../world/topic.ts'
import { chatAs, messageOf, readable, timeless, userOf } from '../world/views.ts'
import {
  type Chat,
  type Message,
  type Person,
  type World,
  byId,
  messagesIn,
} from '../world/world.ts'
import { answerOf, expectPages } from './answers.ts'

const some = 4

/** One chat as somebody sees it: itself, its members, its messages and its events. */
export async function expectChat(
  client: Client,
  world: World,
  person: Person,
  chat: Chat,
): Promise<void> {
  const params = { id: chat.id }
  const found = await answerOf(client.request(getChat, { params }))
  if (!sees(person, chat)) {
    same(found, 'not_found')
    const query = { limit: some }
    same(await answerOf(client.request(listMessages, { params, query })), 'not_found')
    return
  }
  same(found, chatAs(world, person, chat))
  await expectPages(
    async (after) => {
      const query = { after, limit: 3 }
      const { members, has_more } = await client.call(listChatMembers, { params, query })
      return { items: members, has_more }
    },
    [...chat.members].map(([member, { role }]) => ({ ...userOf(member), role })).toSorted(byId),
  )
  const shown = readable(world, person, chat)
  await expectMessages(client, shown, chat)
  await expectHidden(
    client,
    messagesIn(world, chat).filter((message) => !shown.includes(message)),
  )
  await expectEvents(client, person, chat)
}

/** Back from the end page by page, and the surroundings of a message in the middle. */
async function expectMessages(client: Client, all: readonly Message[], chat: Chat): Promise<void> {
  for (let end = all.length, before: number | undefined; end >= 0; end -= some) {
    const from = Math.max(0, end - some)
    const query = { limit: some, ...(before !== undefined && { before }) }
    await expectPage(client, chat, query, all, from, end)
    before = all[from]?.seq
    if (from === 0) break
  }
  const middle = Math.floor(all.length / 2)
  const seq = all[middle]?.seq
  if (seq === undefined) return
  const [from, end] = [Math.max(0, middle - 2), Math.min(all.length, middle + 2)]
  await expectPage(client, chat, { limit: some, around: seq }, all, from, end)
  await expectPage(client, chat, { limit: some, after: seq }, all, middle + 1, middle + 1 + some)
}

async function expectPage(
  client: Client,
  chat: Chat,
  query: { limit: number; before?: number; around?: number; after?: number },
  all: readonly Message[],
  from: number,
  end: number,
): Promise<void> {
  const page = await client.call(listMessages, { params: { id: chat.id }, query })
  const messages = all.slice(from, end)
  same(
    { ...page, messages: page.messages.map(timeless) },
    {
      messages: messages.map(messageOf),
      users: [...new Set(messages.map(({ sender }) => sender))].toSorted(byId).map(userOf),
      has_more_before: from > 0,
      has_more_after: end < all.length,
    },
  )
}

/** What is not on the pages is not there by its id either. */
async function expectHidden(client: Client, messages: readonly Message[]): Promise<void> {
  for (const { id, chat } of messages) {
    const params = { id: chat.id, message_id: id }
    same(await answerOf(client.request(getMessage, { params })), 'not_found')
  }
}

/** What fills a hole: the events inside one's intervals. */
async function expectEvents(client: Client, person: Person, chat: Chat): Promise<void> {
  const events: object[] = []
  for (let after = 0, more = true; more;) {
    const query = { after, limit: 20 }
    const page = await answerOf(client.request(listEvents, { params: { id: chat.id }, query }))
    if (typeof page === 'string') {
      same(page, chat.members.has(person) ? 'no refusal' : refusalOf(person, chat))
      return
    }
    more = page.has_more
    for (const event of page.events) {
      after = event.seq
      const text = 'message' in event ? event.message.content : undefined
      events.push({ seq: event.seq, kind: event.kind, text })
    }
  }
  const expected = chat.log.flatMap(({ kind, text }, at) => {
    if (!covers(chat, person, at + 1)) return []
    const hidden = text && chat.history === 'since_join' && !covers(chat, person, text.message.seq)
    const shown = text && (hidden || text.message.deleted ? '' : text.content)
    return { seq: at + 1, kind, text: shown }
  })
  same(events, expected)
}
