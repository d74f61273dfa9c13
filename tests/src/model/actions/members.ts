import { joinChat, leaveChat, putChatMember, removeChatMember, type Role } from '@parley/contract'
import fc from 'fast-check'
import { acquainted, moderates, rank, rankIn, refusalOf, sees } from '../world/access.ts'
import { enter, exit, isLastOwner, mayRemove, setRole } from '../world/members.ts'
import { chatAs, userOf } from '../world/views.ts'
import type { Chat, Person, World } from '../world/world.ts'
import { maybe, role, which, who } from './arbitraries.ts'
import { type Action, attempt, pick, same } from './attempt.ts'
import { called } from './names.ts'

/** Why somebody may not bring people into a chat that they see. */
export function whyNotAdd(world: World, by: Person, chat: Chat, people: readonly Person[]) {
  if (chat.type === 'single') return 'fixed_chat'
  if (!chat.members.has(by) && !moderates(by, chat)) return 'not_a_member'
  const fits = (person: Person) =>
    chat.members.has(person) ||
    (chat.workspace ? chat.workspace.members.has(person) : acquainted(world, by, person))
  return people.every(fits) ? undefined : 'unknown_user'
}

const join = (n: number): Action => ({
  plan(world, by) {
    const chat = pick(world.chats, n)
    if (!chat) return undefined
    return attempt(
      `joins ${called(world, chat)}`,
      ({ client }) => client.request(joinChat, { params: { id: chat.id } }),
      () => {
        if (!sees(by, chat)) return 'not_found'
        enter(chat, [by], by)
        return { status: 200, shows: (answer) => same(answer, chatAs(world, by, chat)) }
      },
    )
  },
})

const leave = (n: number): Action => ({
  plan(world, by) {
    const chat = pick(world.chats, n)
    if (!chat) return undefined
    return attempt(
      `leaves ${called(world, chat)}`,
      ({ client }) => client.request(leaveChat, { params: { id: chat.id } }),
      () => {
        if (!chat.members.has(by) || chat.deleted) return refusalOf(by, chat)
        if (chat.type === 'single') return 'fixed_chat'
        exit(chat, [by], by)
        return { status: 204 }
      },
    )
  },
})

export const put = (n: number, whom: number, role: Role | undefined): Action => ({
  plan(world, by) {
    const chat = pick(world.chats, n)
    const person = pick(world.people, whom)
    if (!chat || !person) return undefined
    const params = { id: chat.id, user_id: person.id }
    return attempt(
      `puts ${person.name} into ${called(world, chat)} as ${role ?? 'what they are'}`,
      ({ client }) => client.request(putChatMember, { params, body: role ? { role } : {} }),
      () => {
        if (!sees(by, chat)) return 'not_found'
        const before = chat.members.get(person)?.role
        const refusal = before ? undefined : whyNotAdd(world, by, chat, [person])
        if (refusal) return refusal
        if (chat.type === 'single') return 'fixed_chat'
        const next = role ?? before ?? 'member'
        // Only owners make and unmake owners and admins.
        if (next !== (before ?? 'member') && rankIn(by, chat) < rank('owner')) return 'forbidden'
        if (next !== 'owner' && isLastOwner(chat, person)) return 'last_owner'
        enter(chat, [person], by, () => next)
        setRole(chat, person, next, by)
        const shows = (answer: unknown) => same(answer, { ...userOf(person), role: next })
        return { status: before ? 200 : 201, shows }
      },
    )
  },
})

const remove = (n: number, whom: number): Action => ({
  plan(world, by) {
    const chat = pick(world.chats, n)
    const person = pick(world.people, whom)
    if (!chat || !person) return undefined
    const params = { id: chat.id, user_id: person.id }
    return attempt(
      `removes ${person.name} from ${called(world, chat)}`,
      ({ client }) => client.request(removeChatMember, { params }),
      () => {
        if (!sees(by, chat) || !chat.members.has(person)) return 'not_found'
        if (chat.type === 'single') return 'fixed_chat'
        if (!mayRemove(by, chat, [person])) return 'forbidden'
        exit(chat, [person], by)
        return { status: 204 }
      },
    )
  },
})

export const joins: fc.Arbitrary<Action> = which.map(join)
export const leaves: fc.Arbitrary<Action> = which.map(leave)
export const puts: fc.Arbitrary<Action> = fc
  .tuple(which, who, maybe(role))
  .map(([n, whom, role]) => put(n, whom, role))
export const removals: fc.Arbitrary<Action> = fc
  .tuple(which, who)
  .map(([n, whom]) => remove(n, whom))
