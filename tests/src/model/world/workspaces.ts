import type { Role } from '@parley/contract'
import { enter, exit } from './members.ts'
import { append, close, nextSeq, open } from './topic.ts'
import { type Chat, type Person, type Workspace, type World, byId } from './world.ts'

/** Founds a workspace with its channel general; the founder owns both. */
export function found(
  world: World,
  by: Person,
  name: string,
  joinPolicy: Workspace['joinPolicy'],
): { workspace: Workspace; general: Chat } {
  const workspace: Workspace = {
    kind: 'workspace',
    id: 0,
    log: [],
    intervals: [],
    name,
    joinPolicy,
    members: new Map(),
    deleted: false,
    createdAt: '',
  }
  const general = newChat(world, by, { type: 'public_channel', name: 'general', workspace })
  general.isGeneral = true
  world.workspaces.push(workspace)
  add(workspace, by, 'owner', by)
  enter(general, [by], by, () => 'owner')
  return { workspace, general }
}

export function newChat(
  world: World,
  createdBy: Person,
  rest: Pick<Chat, 'type' | 'name' | 'workspace'> & Partial<Chat>,
): Chat {
  const chat: Chat = {
    kind: 'chat',
    id: 0,
    log: [],
    intervals: [],
    description: null,
    history: 'all',
    isGeneral: false,
    members: new Map(),
    createdBy,
    createdAt: '',
    deleted: false,
    ...rest,
  }
  world.chats.push(chat)
  return chat
}

function add(workspace: Workspace, person: Person, role: Role, actor: Person): void {
  open(workspace, person, nextSeq(workspace))
  append(workspace, 'WorkspaceMemberJoined', actor)
  workspace.members.set(person, role)
  append(person, 'AddToWorkspace', actor)
}

const channelsOf = ({ chats }: World, workspace: Workspace): Chat[] =>
  chats.filter((chat) => chat.workspace === workspace && !chat.deleted).toSorted(byId)

/** Whoever joins a workspace is in its channel general; false for whoever is in it already. */
export function join(world: World, workspace: Workspace, person: Person, role: Role): boolean {
  if (workspace.members.has(person)) return false
  add(workspace, person, role, person)
  const general = channelsOf(world, workspace).find(({ isGeneral }) => isGeneral)
  if (general) enter(general, [person], person)
  return true
}

/** Whoever leaves a workspace leaves its channels. */
export function leave(world: World, workspace: Workspace, person: Person, actor: Person): void {
  for (const chat of channelsOf(world, workspace)) exit(chat, [person], actor)
  workspace.members.delete(person)
  close(workspace, person, append(workspace, 'WorkspaceMemberLeft', actor))
  append(person, 'RemoveFromWorkspace', actor)
}

export function setRole(workspace: Workspace, person: Person, role: Role, actor: Person): void {
  if (workspace.members.get(person) !== role) append(workspace, 'WorkspaceMemberUpdated', actor)
  workspace.members.set(person, role)
}

export const isLastOwner = ({ members }: Workspace, person: Person): boolean =>
  members.get(person) === 'owner' &&
  ![...members].some(([other, role]) => other !== person && role === 'owner')

/** Its channels go with it. */
export function remove(world: World, workspace: Workspace, actor: Person): void {
  for (const chat of channelsOf(world, workspace)) {
    append(chat, 'ChatDeleted', actor)
    chat.deleted = true
  }
  append(workspace, 'WorkspaceDeleted', actor)
  workspace.deleted = true
}
