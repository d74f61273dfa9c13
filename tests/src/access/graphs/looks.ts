import {
  Bootstrap,
  Chat,
  Message as MessageSchema,
  MemberPage,
  User,
  Workspace,
  listEvents,
} from '@parley/contract'
import { parseJson } from '@parley/core/json'
import { type Static, type TSchema, Type } from 'typebox'
import { type Chat as Known, type Message, isIn, reads, sees, unread, wasIn } from './reference.ts'
import { type Stage, ask, idOf } from './stage.ts'

/** One way to read: what came, and what the reference says should, each as lines. */
export interface Look {
  way: string
  /** Of which place. */
  of?: number
  real: string[]
  expected: string[]
  /** What may come besides. */
  allowed?: string[]
}

async function get<S extends TSchema>(
  stage: Stage,
  who: number,
  path: string,
  schema: S,
): Promise<Static<S> | string> {
  const answer = await ask(stage, who, { method: 'GET', path })
  if (answer.outcome !== '200') return answer.outcome
  const body = parseJson(answer.body, schema)
  if (body === undefined) throw new Error(`${path} does not answer as the contract says`)
  return body
}

const idsOf = (stage: Stage, people: Iterable<number>): string =>
  Array.from(people, (who) => idOf(stage, who))
    .toSorted((a, b) => a - b)
    .join()

const chatLine = (chat: Static<typeof Chat>): string =>
  `chat ${chat.id} ${chat.role} with ${chat.users.toSorted((a, b) => a - b).join()} at ${chat.last_seq}, ` +
  `${chat.unread_count} unread, ${chat.mention_count} mentions`

function knownLine(stage: Stage, who: number, chat: Known): string {
  const waiting = unread(who, chat, stage.messages)
  const mentions = waiting.filter(({ mentioned }) => mentioned === who).length
  return (
    `chat ${chat.id} ${chat.roles.get(who) ?? null} with ${idsOf(stage, chat.roles.keys())} at ${chat.clock}, ` +
    `${waiting.length} unread, ${mentions} mentions`
  )
}

async function bootstrapLook(stage: Stage, who: number): Promise<Look> {
  const body = await get(stage, who, '/api/bootstrap', Bootstrap)
  if (typeof body === 'string') return { way: 'bootstrap', real: [body], expected: ['200'] }
  const chats = [...stage.chats, stage.square].filter((chat) => isIn(chat, who))
  const workspaces = stage.workspaces.filter((workspace) => isIn(workspace, who))
  const near = new Set([who, ...chats.flatMap(({ roles }) => [...roles.keys()])])
  return {
    way: 'bootstrap',
    real: [
      ...body.chats.map(chatLine),
      ...body.workspaces.map(({ id, role }) => `workspace ${id} ${role}`),
      ...body.users.map(({ id }) => `user ${id}`),
      ...body.topics.flatMap(({ topic, last_seq }) =>
        topic.startsWith('user:') ? [topic] : [`${topic} ${last_seq}`],
      ),
    ],
    expected: [
      ...chats.map((chat) => knownLine(stage, who, chat)),
      ...workspaces.map(({ id, roles }) => `workspace ${id} ${roles.get(who)}`),
      ...[...near].map((other) => `user ${idOf(stage, other)}`),
      `user:${idOf(stage, who)}`,
      ...workspaces.map(({ id, clock }) => `workspace:${id} ${clock}`),
      ...chats.map(({ id, clock }) => `chat:${id} ${clock}`),
    ],
  }
}

const lists = [
  async (stage: Stage, who: number): Promise<Look> => {
    const body = await get(
      stage,
      who,
      '/api/chats?limit=100',
      Type.Object({ chats: Type.Array(Chat) }),
    )
    return {
      way: 'list of chats',
      real: typeof body === 'string' ? [body] : body.chats.map(chatLine),
      expected: [...stage.chats, stage.square]
        .filter((chat) => isIn(chat, who))
        .map((chat) => knownLine(stage, who, chat)),
    }
  },
  async (stage: Stage, who: number): Promise<Look> => {
    const path = '/api/chats?public=true&limit=100'
    const body = await get(stage, who, path, Type.Object({ chats: Type.Array(Chat) }))
    return {
      way: 'list of channels',
      real: typeof body === 'string' ? [body] : body.chats.map(chatLine),
      expected: stage.chats
        .filter((chat) => chat.type === 'public_channel' && sees(who, chat))
        .filter(({ workspace }) => isIn(workspace, who))
        .map((chat) => knownLine(stage, who, chat)),
    }
  },
  async (stage: Stage, who: number): Promise<Look> => {
    const body = await get(
      stage,
      who,
      '/api/workspaces',
      Type.Object({ workspaces: Type.Array(Workspace) }),
    )
    return {
      way: 'list of workspaces',
      real:
        typeof body === 'string' ? [body] : body.workspaces.map(({ id, role }) => `${id} ${role}`),
      expected: stage.workspaces
        .filter((workspace) => isIn(workspace, who))
        .map(({ id, roles }) => `${id} ${roles.get(who)}`),
    }
  },
  async (stage: Stage, who: number): Promise<Look> => {
    const body = await get(
      stage,
      who,
      '/api/users?limit=100',
      Type.Object({ users: Type.Array(User) }),
    )
    // All of them meet in the square.
    return {
      way: 'list of people',
      real: typeof body === 'string' ? [body] : body.users.map(({ id }) => String(id)),
      expected: stage.people.map(({ id }) => String(id)),
    }
  },
]

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

const closer = [
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

/** Every person at one of the lists, and at every second chat in one of the ways: the lens says which. */
export async function looks(stage: Stage, lens: number): Promise<{ who: number; look: Look }[]> {
  const found: { who: number; look: Look }[] = []
  for (const [who] of stage.people.entries()) {
    found.push({ who, look: await bootstrapLook(stage, who) })
    const list = lists[(lens + who) % lists.length]
    if (list) found.push({ who, look: await list(stage, who) })
    for (const [at, chat] of stage.chats.entries()) {
      const way = closer[(Math.floor(lens / 2) + who + 3 * at) % closer.length]
      if (way && (lens + who + at) % 2 === 0)
        found.push({ who, look: await way(stage, who, chat, lens) })
    }
  }
  return found
}
