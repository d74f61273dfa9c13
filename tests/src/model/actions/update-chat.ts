import { type Input, type Notification, updateChat } from '@parley/contract'
import fc from 'fast-check'
import { moderates, sees } from '../world/access.ts'
import { enter, exit, mayRemove } from '../world/members.ts'
import { append } from '../world/topic.ts'
import { chatAs } from '../world/views.ts'
import type { Chat, Person, World } from '../world/world.ts'
import { channelName, channelType, history, several, which } from './arbitraries.ts'
import { type Action, type Expected, attempt, pick, same } from './attempt.ts'
import { isTaken } from './chats.ts'
import { whyNotAdd } from './members.ts'
import { called, idsOf, peopleOf } from './names.ts'

interface Patch {
  name?: string
  description?: string | null
  type?: 'private_channel' | 'public_channel'
  history?: Chat['history']
  add?: number[]
  remove?: number[]
  notification?: Notification
}

type Body = Input<typeof updateChat>['body']

const change = (n: number, patch: Patch): Action => ({
  plan(world, by) {
    const chat = pick(world.chats, n)
    if (!chat) return undefined
    const { add, remove, ...rest } = patch
    const joining = peopleOf(world, add ?? [])
    const leaving = peopleOf(world, remove ?? [])
    const body: Body = {
      ...rest,
      ...(joining.length > 0 && { add_user_ids: idsOf(joining) }),
      ...(leaving.length > 0 && { remove_user_ids: idsOf(leaving) }),
    }
    return attempt(
      `changes ${called(world, chat)} by ${JSON.stringify(body)}`,
      ({ client }) => client.request(updateChat, { params: { id: chat.id }, body }),
      () => {
        if (!sees(by, chat)) return 'not_found'
        const refusal = whyNot(world, by, chat, rest, joining)
        if (refusal) return refusal
        if (leaving.length > 0 && chat.type === 'single') return 'fixed_chat'
        if (!mayRemove(by, chat, leaving, joining)) return 'forbidden'
        describe(chat, rest, by)
        enter(chat, joining, by)
        notify(chat, by, rest.notification)
        return go(world, chat, by, leaving)
      },
    )
  },
})

/** Nothing of a change happens where one part of it is refused. */
function whyNot(world: World, by: Person, chat: Chat, patch: Patch, joining: readonly Person[]) {
  const { name, description, type, history, notification } = patch
  if ([name, description, type, history].some((value) => value !== undefined)) {
    if (!chat.members.has(by) && !moderates(by, chat)) return 'not_a_member'
    if (chat.type === 'single') return 'fixed_chat'
    if (chat.type !== 'group' && !moderates(by, chat)) return 'forbidden'
    if (type !== undefined && (chat.type === 'group' || chat.isGeneral)) return 'fixed_chat'
    // Nobody shuts themselves out.
    if (type === 'private_channel' && !chat.members.has(by)) return 'not_a_member'
    const isPublic = (type ?? chat.type) === 'public_channel'
    if (history === 'since_join' && isPublic) return 'fixed_chat'
    const owns = chat.members.get(by)?.role === 'owner'
    if (history !== undefined && chat.type === 'group' && !owns) return 'forbidden'
    if (name !== undefined && isTaken(world, chat.workspace, name, chat))
      return 'channel_name_taken'
  }
  const refusal = joining.length > 0 ? whyNotAdd(world, by, chat, joining) : undefined
  if (refusal) return refusal
  return notification !== undefined && !chat.members.has(by) ? 'not_a_member' : undefined
}

function describe(chat: Chat, { name, description, type, history }: Patch, by: Person): void {
  const before = {
    name: chat.name,
    description: chat.description,
    type: chat.type,
    history: chat.history,
  }
  const next = {
    name: name ?? chat.name,
    description: description === undefined ? chat.description : description,
    type: type ?? chat.type,
    history: history ?? chat.history,
  }
  // Everybody may read a public channel from its first line.
  if (next.type === 'public_channel') next.history = 'all'
  Object.assign(chat, next)
  if (JSON.stringify(before) !== JSON.stringify(next)) append(chat, 'ChatUpdated', by)
  if (next.history === 'since_join' && before.history === 'all') moveUp(chat, by)
}

/** What one may no longer read is not counted: the marker moves to where one joined. */
function moveUp(chat: Chat, by: Person): void {
  for (const [person, member] of chat.members) {
    if (member.read >= member.joined) continue
    member.read = member.joined
    append(person, 'ReadMarkerMoved', by)
  }
}

function notify(chat: Chat, by: Person, notification: Notification | undefined): void {
  const member = chat.members.get(by)
  if (!member || notification === undefined || member.notification === notification) return
  member.notification = notification
  append(by, 'NotificationChanged', by)
}

/** Whoever goes themselves sees the chat for the last time, as it was. */
function go(world: World, chat: Chat, by: Person, leaving: readonly Person[]): Expected<unknown> {
  const last = chatAs(world, by, chat)
  exit(chat, leaving, by)
  const seen = sees(by, chat) ? chatAs(world, by, chat) : last
  return { status: 200, shows: (answer) => same(answer, seen) }
}

const description = fc.constantFrom('about', 'more about', null)
const notification = fc.constantFrom('all', 'mentions', 'none')

/** Mostly one thing, sometimes several at once. */
const patch: fc.Arbitrary<Patch> = fc.oneof(
  fc.record({ name: channelName }),
  fc.record({ description }),
  fc.record({ type: channelType }),
  fc.record({ history }),
  fc.record({ add: several }),
  fc.record({ remove: several }),
  fc.record({ notification }),
  fc.record(
    {
      name: channelName,
      description,
      type: channelType,
      history,
      add: several,
      remove: several,
      notification,
    },
    { requiredKeys: [] },
  ),
)

export const chatChanges: fc.Arbitrary<Action> = fc
  .tuple(which, patch)
  .map(([n, patch]) => change(n, patch))
