import type { Ephemeral, Presence, UserPresence } from '@parley/contract'

/** What is known of people's presence, after an event or an answer. The same map where nothing changed. */
export function presencesAfter(
  known: ReadonlyMap<number, Presence>,
  news: Ephemeral | readonly UserPresence[],
): ReadonlyMap<number, Presence> {
  const told: readonly UserPresence[] =
    'kind' in news ? (news.kind === 'PresenceChanged' ? [news] : []) : news
  const changed = told.filter(({ user_id, presence }) => known.get(user_id) !== presence)
  if (changed.length === 0) return known
  return new Map([...known, ...changed.map((one) => [one.user_id, one.presence] as const)])
}
