import { type Chat as Answer, createChat, deleteChat } from '@parley/contract'
import fc from 'fast-check'
import { acquainted, rank, sees } from '../world/access.ts'
import { enter } from '../world/members.ts'
import { append } from '../world/topic.ts'
import { chatAs, workspacesOf } from '../world/views.ts'
import { newChat } from '../world/workspaces.ts'
import type { Chat, Person, Workspace, World } from '../world/world.ts'
import { channelName, channelType, history, maybe, several, which, who } from './arbitraries.ts'
import { type Action, type Expected, attempt, pick, same } from './attempt.ts'
import { called, idsOf, namesOf, peopleOf } from './names.ts'

/** A channel's name is its workspace's own, in whichever case. */
export const isTaken = (
  { chats }: World,
  workspace: Workspace | undefined,
  name: string,
  but?: Chat,
): boolean =>
  workspace !== undefined &&
  chats.some(
    (chat) =>
      chat !== but &&
      !chat.deleted &&
      chat.workspace === workspace &&
      chat.name?.toLowerCase() === name.toLowerCase(),
  )

/** A new chat: who makes a group or channel owns it; the two of a single chat are alike. */
function begun(world: World, chat: Chat, by: Person, people: readonly Person[]): Expected<Answer> {
  const owner = chat.type === 'single' ? undefined : by
  enter(chat, [by, ...people], by, (person) => (person === owner ? 'owner' : 'member'))
  return {
    status: 201,
    shows(answer) {
      Object.assign(chat, { id: answer.id, createdAt: answer.created_at })
      same(answer, chatAs(world, by, chat))
    },
  }
}

const openSingle = (whom: number): Action => ({
  plan(world, by) {
    const other = pick(world.people, whom)
    if (!other) return undefined
    return attempt(
      `opens a single chat with ${other.name}`,
      ({ client }) => client.request(createChat, { body: { type: 'single', user_id: other.id } }),
      () => {
        if (other === by || !acquainted(world, by, other)) return 'not_found'
        const known = world.chats.find(
          ({ type, members }) => type === 'single' && members.has(by) && members.has(other),
        )
        if (known) return { status: 200, shows: (answer) => same(answer, chatAs(world, by, known)) }
        const chat = newChat(world, by, { type: 'single', name: null, workspace: undefined })
        return begun(world, chat, by, [other])
      },
    )
  },
})

export const openGroup = (
  numbers: number[],
  name: string | undefined,
  history: Chat['history'],
): Action => ({
  plan(world, by) {
    const people = peopleOf(world, numbers)
    const body = { type: 'group' as const, user_ids: idsOf(people), ...(name && { name }), history }
    return attempt(
      `opens a group with ${namesOf(people)}, history ${history}`,
      ({ client }) => client.request(createChat, { body }),
      () => {
        const others = people.filter((person) => person !== by)
        if (others.length === 0) return 'group_too_large'
        if (!others.every((person) => acquainted(world, by, person))) return 'not_found'
        const workspace = undefined
        const chat = newChat(world, by, { type: 'group', name: name ?? null, workspace, history })
        return begun(world, chat, by, others)
      },
    )
  },
})

interface Channel {
  type: 'private_channel' | 'public_channel'
  name: string
  workspace?: number | undefined
  people: number[]
  history: Chat['history'] | undefined
}

export const openChannel = ({
  type,
  name,
  workspace: n,
  people: numbers,
  history,
}: Channel): Action => ({
  plan(world, by) {
    const people = peopleOf(world, numbers)
    const named = n === undefined ? undefined : pick(world.workspaces, n)
    const common = {
      name,
      user_ids: idsOf(people),
      ...(named && { workspace_id: named.id }),
    }
    const body =
      type === 'public_channel'
        ? { type, ...common }
        : { type, ...common, ...(history && { history }) }
    return attempt(
      `opens the ${type} "${name}" in ${named ? called(world, named) : 'the only workspace'} with ${namesOf(people)}`,
      ({ client }) => client.request(createChat, { body }),
      () => {
        const mine = workspacesOf(world, by)
        const workspace = named ?? (mine.length === 1 ? mine[0] : undefined)
        if (!workspace) return 'workspace_required'
        if (!mine.includes(workspace)) return 'not_found'
        const others = people.filter((person) => person !== by)
        if (!others.every((person) => workspace.members.has(person))) return 'unknown_user'
        if (isTaken(world, workspace, name)) return 'channel_name_taken'
        const more = type === 'private_channel' && history ? { history } : {}
        const chat = newChat(world, by, { type, name, workspace, ...more })
        return begun(world, chat, by, others)
      },
    )
  },
})

const destroy = (n: number): Action => ({
  plan(world, by) {
    const chat = pick(world.chats, n)
    if (!chat) return undefined
    return attempt(
      `deletes ${called(world, chat)}`,
      ({ client }) => client.request(deleteChat, { params: { id: chat.id } }),
      () => {
        if (!sees(by, chat)) return 'not_found'
        if (chat.type === 'single' || chat.isGeneral) return 'fixed_chat'
        const owns = chat.members.get(by)?.role === 'owner'
        if (!owns && rank(chat.workspace?.members.get(by)) < rank('admin')) return 'forbidden'
        append(chat, 'ChatDeleted', by)
        chat.deleted = true
        return { status: 204 }
      },
    )
  },
})

export const singles: fc.Arbitrary<Action> = who.map(openSingle)
export const groups: fc.Arbitrary<Action> = fc
  .tuple(several, maybe(channelName), history)
  .map(([numbers, name, history]) => openGroup(numbers, name, history))
export const channels: fc.Arbitrary<Action> = fc
  .record({
    type: channelType,
    name: channelName,
    workspace: maybe(which),
    people: several,
    history: maybe(history),
  })
  .map(openChannel)
export const chatEnds: fc.Arbitrary<Action> = which.map(destroy)
