import type { Role } from '@parley/contract'
import { covers } from './topic.ts'
import type { Chat, Message, Person, World } from './world.ts'

const ranks = { member: 1, admin: 2, owner: 3 } as const
export const rank = (role: Role | undefined): number => (role === undefined ? 0 : ranks[role])

/** Members see a chat, and everybody in a workspace its public channels. */
export const sees = (person: Person, chat: Chat): boolean =>
  !chat.deleted &&
  (chat.members.has(person) ||
    (chat.type === 'public_channel' && chat.workspace?.members.has(person) === true))

/** In a channel that they see, the workspace's owners and admins rank as high as in the workspace. */
export const rankIn = (person: Person, chat: Chat): number =>
  Math.max(rank(chat.members.get(person)?.role), rank(chat.workspace?.members.get(person)))

export const moderates = (person: Person, chat: Chat): boolean =>
  chat.type !== 'single' && rankIn(person, chat) >= ranks.admin

/** What of a chat somebody may read who sees it. */
export const reads = (person: Person, { chat, seq }: Message): boolean =>
  chat.history === 'all' || covers(chat, person, seq)

/** Why somebody who is not in a chat cannot do what takes a member. */
export const refusalOf = (person: Person, chat: Chat) =>
  sees(person, chat) ? 'not_a_member' : 'not_found'

/** People who share a workspace may meet. */
export const acquainted = ({ workspaces }: World, one: Person, other: Person): boolean =>
  workspaces.some(({ members, deleted }) => !deleted && members.has(one) && members.has(other))
