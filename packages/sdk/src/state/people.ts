import type { User } from '@parley/contract'
import type { Draft, Handlers } from './draft.ts'
import type { State } from './state.ts'

const same = (one: User, other: User): boolean =>
  one.username === other.username && one.avatar_id === other.avatar_id

/**
 * Takes over names and pictures that an event of that time told; older ones never replace newer ones.
 */
export function meet(draft: Draft, users: readonly User[], at: string): void {
  for (const user of users) {
    const { id, username, avatar_id } = user
    const known = draft.users.get(id)
    if (known && (known.at > at || (known.at === at && same(known, user)))) continue
    draft.users.set(id, { id, username, avatar_id, at })
  }
}

/** Everybody whom the state mentions: oneself, and the people listed in chats. */
export function reachable({ me, chats }: Pick<State, 'me' | 'chats'>): Set<number> {
  const ids = new Set([me.id])
  for (const chat of chats.values()) for (const id of chat.users) ids.add(id)
  return ids
}

/** Whose name is told no more when it changes must be learnt anew when met again. */
export function forgetStrangers(draft: Draft): void {
  const near = reachable({ me: draft.me, chats: draft.chats.now() })
  for (const id of draft.users.now().keys()) if (!near.has(id)) draft.users.delete(id)
}

export const peopleHandlers: Handlers<'UserUpdated' | 'AdminChanged' | 'SessionRevoked'> = {
  UserUpdated(draft, { user, at }) {
    meet(draft, [user], at)
    const known = draft.users.get(user.id)
    if (user.id === draft.me.id && known && !same(known, draft.me)) {
      draft.me = { ...draft.me, username: known.username, avatar_id: known.avatar_id }
    }
  },
  AdminChanged(draft, { is_admin }) {
    if (draft.me.is_admin !== is_admin) draft.me = { ...draft.me, is_admin }
  },
  SessionRevoked() {
    // The servers close the session's streams; what others see does not change.
  },
}
