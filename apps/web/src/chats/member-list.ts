import type { Event, Member } from '@parley/contract'

/** The members after an event of their chat; those who join stand where their page would have them. */
export function applyToMembers(
  members: readonly Member[],
  event: Event,
  chatId: number,
  hasMore: boolean,
): readonly Member[] {
  if (!('chat_id' in event) || event.chat_id !== chatId) return members
  if (event.kind === 'MemberLeft') return members.filter(({ id }) => !event.user_ids.includes(id))
  if (event.kind === 'MemberUpdated')
    return members.map((one) => (one.id === event.user_id ? { ...one, role: event.role } : one))
  if (event.kind !== 'MemberJoined') return members
  const known = new Set(members.map(({ id }) => id))
  const last = members.at(-1)?.id ?? 0
  const fresh = event.members.filter(({ id }) => !known.has(id) && (!hasMore || id < last))
  return [...members, ...fresh].toSorted((a, b) => a.id - b.id)
}
