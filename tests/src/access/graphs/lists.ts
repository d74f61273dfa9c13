import { Bootstrap, Chat, User, Workspace } from '@parley/contract'
import { Type } from 'typebox'
import { type Look, chatLine, get, knownLine } from './look.ts'
import { isIn, sees } from './reference.ts'
import { type Stage, idOf } from './stage.ts'

export async function bootstrapLook(stage: Stage, who: number): Promise<Look> {
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

/** What one is in, and whom one meets. */
export const lists = [
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
