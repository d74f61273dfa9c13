import type { Chat, Message, Person, Workspace, World } from '../world/world.ts'
import { pick } from './attempt.ts'

/** The people of some numbers, once each. */
export const peopleOf = (world: World, numbers: readonly number[]): Person[] => [
  ...new Set(numbers.flatMap((n) => pick(world.people, n) ?? [])),
]

export const idsOf = (people: readonly Person[]): number[] => people.map(({ id }) => id)

export const namesOf = (people: readonly Person[]): string =>
  people.map(({ name }) => name).join(', ') || 'nobody'

/** What reports call a thing: its place among its like, and its id to find it in the answers. */
export function called(world: World, one: Chat | Workspace | Message): string {
  const kind = 'chat' in one ? 'message' : 'type' in one ? one.type : 'workspace'
  const list: readonly object[] =
    'chat' in one ? world.messages : 'type' in one ? world.chats : world.workspaces
  return `${kind} ${list.indexOf(one)} (${one.id})`
}
