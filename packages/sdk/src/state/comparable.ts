import type { Chat, Me, User, Workspace } from '@parley/contract'
import { reachable } from './people.ts'
import type { State } from './state.ts'

/** What of a state a fresh bootstrap would show. */
export interface Comparable {
  me: Me
  workspaces: Workspace[]
  chats: Chat[]
  users: User[]
}

const byId = (a: { id: number }, b: { id: number }): number => a.id - b.id

/**
 * The state in one form: sorted, with nobody but the people in chats and oneself. The rule is that
 * `comparable(reduceAll(fromBootstrap(old), events))` deep-equals `comparable(fromBootstrap(fresh))`.
 */
export function comparable(state: State): Comparable {
  const near = reachable(state)
  return {
    me: state.me,
    workspaces: [...state.workspaces.values()].toSorted(byId),
    chats: [...state.chats.values()]
      .map((chat) => ({ ...chat, users: chat.users.toSorted((a, b) => a - b) }))
      .toSorted(byId),
    users: [...state.users.values()]
      .filter(({ id }) => near.has(id))
      .map(({ id, username, avatar_id }) => ({ id, username, avatar_id }))
      .toSorted(byId),
  }
}
