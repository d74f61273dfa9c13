import type { Event, Member, Role, User } from '@parley/contract'

/** What an event says about who is in a chat or workspace. */
export type MemberChange =
  | { joined: readonly Member[] }
  | { left: readonly number[] }
  | { user_id: number; role: Role }
  | { user: User }

export function chatChange(event: Event, chatId: number): MemberChange | undefined {
  if (event.kind === 'UserUpdated') return event
  if (!('chat_id' in event) || event.chat_id !== chatId) return undefined
  if (event.kind === 'MemberJoined') return { joined: event.members }
  if (event.kind === 'MemberLeft') return { left: event.user_ids }
  return event.kind === 'MemberUpdated' ? event : undefined
}

export function workspaceChange(event: Event, workspaceId: number): MemberChange | undefined {
  if (event.kind === 'UserUpdated') return event
  if (!('workspace_id' in event) || event.workspace_id !== workspaceId) return undefined
  if (event.kind === 'WorkspaceMemberJoined') return { joined: event.members }
  if (event.kind === 'WorkspaceMemberLeft') return { left: event.user_ids }
  return event.kind === 'WorkspaceMemberUpdated' ? event : undefined
}

/** The members after a change; those who join stand where their page would have them. */
export function applyToMembers(
  members: readonly Member[],
  change: MemberChange,
  hasMore: boolean,
): readonly Member[] {
  if ('left' in change) return members.filter(({ id }) => !change.left.includes(id))
  if ('role' in change)
    return members.map((one) => (one.id === change.user_id ? { ...one, role: change.role } : one))
  if ('user' in change)
    return members.map((one) => (one.id === change.user.id ? { ...one, ...change.user } : one))
  const known = new Set(members.map(({ id }) => id))
  const last = members.at(-1)?.id ?? 0
  const fresh = change.joined.filter(({ id }) => !known.has(id) && (!hasMore || id < last))
  return [...members, ...fresh].toSorted((a, b) => a.id - b.id)
}
