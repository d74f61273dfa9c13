import { Chat, MemberPage, Message as MessageSchema, User, listEvents } from '@parley/contract'
import { type Static, Type } from 'typebox'
import { type Look, chatLine, get, knownLine } from './look.ts'
import { type Chat as Known, type Message, isIn, reads, sees, wasIn } from './reference.ts'
import { type Stage, idOf } from './stage.ts'

const Page = Type.Object({ messages: Type.Array(MessageSchema), users: Type.Array(User) })

const messageLine = ({ seq, content }: Static<typeof MessageSchema>): string => `${seq} ${content}`
const knownMessage = ({ versions, erased }: Message): string =>
  `${versions[0].seq} ${erased ? '' : versions.at(-1)?.text}`

const readable = (stage: Stage, who: number, chat: Known): Message[] =>
  stage.messages.filter((message) => message.chat === chat && reads(who, message))

/** A page of messages by a query; `wanted` are those that it asks for. */
const page =
  (way: string, query: (seq: number) => string, wanted: (seq: number, at: number) => boolean) =>
  async (stage: Stage, who: number, chat: Known, lens: number): Promise<Look> => {
    const at = lens % (chat.clock + 1)
    const body = await get(stage, who, `/api/chats/${chat.id}/messages?limit=100${query(at)}`, Page)
    const found = readable(stage, who, chat).filter(({ versions }) => wanted(versions[0].seq, at))
    return {
      way,
      of: chat.id,
      real:
        typeof body === 'string'
          ? [body]
          : [...body.messages.map(messageLine), ...body.users.map(({ id }) => `user ${id}`)],
      expected: sees(who, chat)
        ? [
            ...found.map(knownMessage),
            ...[...new Set(found.map(({ sender }) => sender))].map(
              (one) => `user ${idOf(stage, one)}`,
            ),
          ]
        : ['404 not_found'],
    }
  }

/** Ways to look into one chat. */
export const closer = [
  page(
    'newest page',
    () => '',
    () => true,
  ),
  page(
    'page around',
    (seq) => `&around=${seq}`,
    () => true,
  ),
  page(
    'page after',
    (seq) => `&after=${seq}`,
    (seq, at) => seq > at,
  ),
  page(
    'page before',
    (seq) => `&before=${seq}`,
    (seq, at) => seq < at,
  ),
  async (stage: Stage, who: number, chat: Known, lens: number): Promise<Look> => {
    const all = stage.messages.filter((message) => message.chat === chat)
    const message = all[lens % Math.max(1, all.length)]
    const path = `/api/chats/${chat.id}/messages/${message?.id ?? 1}`
    const body = await get(stage, who, path, MessageSchema)
    return {
      way: 'one message',
      of: chat.id,
      real: [typeof body === 'string' ? body : messageLine(body)],
      expected: [message && reads(who, message) ? knownMessage(message) : '404 not_found'],
    }
  },
  async (stage: Stage, who: number, chat: Known): Promise<Look> => {
    const body = await get(stage, who, `/api/chats/${chat.id}`, Chat)
    return {
      way: 'one chat',
      of: chat.id,
      real: [typeof body === 'string' ? body : chatLine(body)],
      expected: [sees(who, chat) ? knownLine(stage, who, chat) : '404 not_found'],
    }
  },
  async (stage: Stage, who: number, chat: Known): Promise<Look> => {
    const body = await get(stage, who, `/api/chats/${chat.id}/members`, MemberPage)
    const members = [...chat.roles].map(([other, role]) => `${idOf(stage, other)} ${role}`)
    return {
      way: 'members',
      of: chat.id,
      real: typeof body === 'string' ? [body] : body.members.map(({ id, role }) => `${id} ${role}`),
      expected: sees(who, chat) ? members : ['404 not_found'],
    }
  },
  async (stage: Stage, who: number, chat: Known): Promise<Look> => {
    const path = `/api/chats/${chat.id}/events?after=0&limit=100`
    const body = await get(stage, who, path, listEvents.replies[200])
    const all = Array.from({ length: chat.clock }, (_, at) => at + 1)
    const refusal = sees(who, chat) ? '403 not_a_member' : '404 not_found'
    return {
      way: 'events',
      of: chat.id,
      real: typeof body === 'string' ? [body] : body.events.map(({ seq }) => String(seq)),
      expected: isIn(chat, who)
        ? all.filter((seq) => wasIn(chat, who, seq)).map(String)
        : [refusal],
    }
  },
]
