import {
  type Message as Answer,
  deleteMessage,
  editMessage,
  moveReadMarker,
  sendMessage,
} from '@parley/contract'
import type { Reply } from '@parley/sdk'
import fc from 'fast-check'
import { moderates, reads, refusalOf, sees } from '../world/access.ts'
import { append } from '../world/topic.ts'
import { messageOf, timeless } from '../world/views.ts'
import {
  type Chat,
  type Message,
  type Person,
  type World,
  byId,
  messagesIn,
} from '../world/world.ts'
import { maybe, several, which } from './arbitraries.ts'
import { type Action, type Caller, attempt, pick, same } from './attempt.ts'
import { called, namesOf, peopleOf } from './names.ts'

/** A text of its own that mentions some people by the names they have. */
const textFor = (world: World, people: readonly Person[]): string =>
  [`text ${world.texts}`, ...people.map(({ username }) => `@${username}`)].join(' ')

/** Names change: another may have one by now. */
const namedIn = (world: World, content: string): Person[] => {
  const words = content.toLowerCase().split(' ')
  return world.people.filter(({ username }) => words.includes(`@${username.toLowerCase()}`))
}

/** A mention is one of whoever is in the chat when it is written. */
const mentioned = (chat: Chat, people: readonly Person[]): Person[] =>
  people.filter((person) => chat.members.has(person)).toSorted(byId)

/** The SDK gives each send a nonce; other clients need not. */
async function sendPlain(
  { client, url }: Caller,
  id: number,
  body: object,
): Promise<Reply<Answer>> {
  const reply = await fetch(`${url}/api/chats/${id}/messages`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${client.tokens().token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  })
  const text = await reply.text()
  // The same by the SDK tells the refusal in its form, and as surely has no effect.
  if (!reply.ok)
    return client.request(sendMessage, { params: { id }, body: { content: 'x', ...body } })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- compared as a whole
  return { status: reply.status, headers: reply.headers, body: JSON.parse(text) as Answer }
}

interface Send {
  chat: number
  mentions: number[]
  nonce: string | null | undefined
  reply: number | undefined
}

/** `nonce`: one of a few, so that they repeat; null: none at all; undefined: the SDK's own. */
const send = ({ chat: n, mentions, nonce, reply }: Send): Action => ({
  plan(world, by) {
    const chat = pick(world.chats, n)
    if (!chat) return undefined
    const people = peopleOf(world, mentions)
    const content = textFor(world, people)
    const replyTo = reply === undefined ? undefined : pick(world.messages, reply)
    const body = {
      content,
      ...(typeof nonce === 'string' && { nonce }),
      ...(replyTo && { reply_to: replyTo.id }),
    }
    return attempt(
      `sends ${JSON.stringify(body)} to ${called(world, chat)}`,
      (caller) =>
        nonce === null
          ? sendPlain(caller, chat.id, body)
          : caller.client.request(sendMessage, { params: { id: chat.id }, body }),
      () => {
        world.texts++
        if (!chat.members.has(by) || chat.deleted) return refusalOf(by, chat)
        const known = messagesIn(world, chat).find(
          (one) => one.sender === by && typeof nonce === 'string' && one.nonce === nonce,
        )
        if (known)
          return { status: 200, shows: (answer) => same(timeless(answer), messageOf(known)) }
        if (replyTo && (replyTo.chat !== chat || replyTo.deleted || !reads(by, replyTo))) {
          return 'unknown_reply'
        }
        const message = write(world, chat, by, {
          content,
          replyTo,
          mentions: mentioned(chat, people),
        })
        return {
          status: 201,
          shows(answer) {
            Object.assign(message, { id: answer.id, createdAt: answer.created_at })
            message.nonce = nonce === undefined ? answer.nonce : nonce
            same(timeless(answer), messageOf(message))
          },
        }
      },
    )
  },
})

function write(
  world: World,
  chat: Chat,
  sender: Person,
  rest: Pick<Message, 'content' | 'replyTo' | 'mentions'>,
): Message {
  const seq = chat.log.length + 1
  const message: Message = {
    ...rest,
    chat,
    seq,
    sender,
    id: 0,
    nonce: null,
    edited: false,
    deleted: false,
    createdAt: '',
  }
  append(chat, 'NewMessage', sender, { message, content: rest.content, sinceJoin: false })
  world.messages.push(message)
  return message
}

/** Whoever does not see a message cannot change it either. */
const visible = (by: Person, message: Message): boolean =>
  sees(by, message.chat) && reads(by, message)

const edit = (n: number, mentions: number[], again: boolean): Action => ({
  plan(world, by) {
    const message = pick(world.messages, n)
    if (!message) return undefined
    const { chat } = message
    const people = again ? namedIn(world, message.content) : peopleOf(world, mentions)
    const content = again && !message.deleted ? message.content : textFor(world, people)
    const params = { id: chat.id, message_id: message.id }
    return attempt(
      `edits ${called(world, message)} to "${content}"`,
      ({ client }) => client.request(editMessage, { params, body: { content } }),
      () => {
        world.texts++
        if (!visible(by, message)) return 'not_found'
        if (!chat.members.has(by)) return 'not_a_member'
        if (message.deleted) return 'not_found'
        if (message.sender !== by) return 'forbidden'
        change(message, content, mentioned(chat, people), by)
        return { status: 200, shows: (answer) => same(timeless(answer), messageOf(message)) }
      },
    )
  },
})

/** Where nothing changes nothing happens. */
function change(message: Message, content: string, mentions: Person[], actor: Person): void {
  if (content === message.content && namesOf(mentions) === namesOf(message.mentions)) return
  Object.assign(message, { content, mentions, edited: true })
  const sinceJoin = message.chat.history === 'since_join'
  append(message.chat, 'MessageUpdated', actor, { message, content, sinceJoin })
}

const erase = (n: number): Action => ({
  plan(world, by) {
    const message = pick(world.messages, n)
    if (!message) return undefined
    const { chat } = message
    const params = { id: chat.id, message_id: message.id }
    return attempt(
      `deletes ${called(world, message)}`,
      ({ client }) => client.request(deleteMessage, { params }),
      () => {
        if (!visible(by, message)) return 'not_found'
        if (!chat.members.has(by) && !moderates(by, chat)) return 'not_a_member'
        if (message.deleted) return 'not_found'
        if (message.sender !== by && !moderates(by, chat)) return 'forbidden'
        Object.assign(message, { content: '', mentions: [], deleted: true })
        append(chat, 'MessageDeleted', by)
        return { status: 204 }
      },
    )
  },
})

/** To the place of a message, or so far before the end of the chat; -1 is beyond it. */
const mark = (n: number, at: { message: number } | { back: number }): Action => ({
  plan(world, by) {
    const chat = pick(world.chats, n)
    if (!chat) return undefined
    const seq =
      'back' in at
        ? Math.max(0, chat.log.length - at.back)
        : (pick(messagesIn(world, chat), at.message)?.seq ?? 0)
    return attempt(
      `marks ${called(world, chat)} read up to ${seq}`,
      ({ client }) => client.request(moveReadMarker, { params: { id: chat.id }, body: { seq } }),
      () => {
        const member = chat.members.get(by)
        if (!member || chat.deleted) return refusalOf(by, chat)
        if (seq > chat.log.length) return 'beyond_end'
        // Counts behind it would tell what was written before they came.
        const read = chat.history === 'all' ? seq : Math.max(seq, member.joined)
        if (read !== member.read) append(by, 'ReadMarkerMoved')
        member.read = read
        return { status: 204 }
      },
    )
  },
})

const nonce = fc.oneof(fc.constant(undefined), fc.constant(null), fc.constantFrom('n1', 'n2'))

export const sends: fc.Arbitrary<Action> = fc
  .record({ chat: which, mentions: several, nonce, reply: maybe(which) })
  .map(send)
export const edits: fc.Arbitrary<Action> = fc
  .tuple(which, several, fc.boolean())
  .map(([n, mentions, again]) => edit(n, mentions, again))
export const erases: fc.Arbitrary<Action> = which.map(erase)
const place = fc.oneof(
  fc.record({ message: which }),
  fc.record({ back: fc.integer({ min: -1, max: 12 }) }),
)
export const marks: fc.Arbitrary<Action> = fc.tuple(which, place).map(([n, at]) => mark(n, at))
