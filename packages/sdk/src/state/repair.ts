import type { Chat, User } from '@parley/contract'
import { recountedBy } from './counting.ts'
import { closeDraft, openDraft } from './draft.ts'
import { count } from './messages.ts'
import { meet, reachable } from './people.ts'
import type { State } from './state.ts'

/**
 * Takes over the counts of a chat just fetched (`getChat`): for those in `state.doubtful`, whose
 * events did not tell enough.
 */
export function recount(state: State, fetched: Chat): State {
  const draft = openDraft(state)
  const chat = draft.chats.get(fetched.id)
  const counting = draft.counting.get(fetched.id)
  if (!chat || !counting) return state
  const moved = { ...chat, read_seq: fetched.read_seq }
  draft.chats.set(chat.id, moved)
  count(draft, moved, { ...recountedBy(counting, fetched), gap: false })
  return closeDraft(draft, state)
}

/**
 * People whom chats list but whose names no event told, as when members leave a large chat and it
 * lists its members again. Fetch them (`listUsers` with `ids`, at most 100) and `meetUsers`.
 */
export const missingUsers = (state: State): number[] =>
  [...reachable(state)].filter((id) => !state.users.has(id))

/** Adds people just fetched; those who are known already stay. */
export function meetUsers(state: State, users: readonly User[]): State {
  const draft = openDraft(state)
  meet(
    draft,
    users.filter((user) => !state.users.has(user.id)),
    '',
  )
  return closeDraft(draft, state)
}
