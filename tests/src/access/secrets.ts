import type { Actor, Cast } from './cast.ts'
import type { Place } from './places.ts'

/** Whom a place may be told of: its members, and colleagues of what is public. */
const mayRead = ({ kind }: Place, actor: Actor): boolean =>
  actor === 'owner' ||
  actor === 'member' ||
  (kind === 'public_channel' && (actor === 'colleague' || actor === 'removed'))

/** Texts and ids that no answer to somebody may hold, whatever they ask for. */
export function secretsOf(place: Place, cast: Cast, actor: Actor): string[] {
  if (mayRead(place, actor)) return actor === 'owner' ? [] : [String(place.ownFile)]
  const { chat, message, file, ownFile, canaries } = place
  const things = [chat, message, file, ownFile].map(String)
  if (actor !== 'stranger' && actor !== 'anonymous') return [...things, ...canaries]
  const people = [cast.owner, cast.member, cast.colleague, cast.removed, cast.disabled]
  return [...things, ...canaries, ...people.flatMap(({ id, username }) => [String(id), username])]
}
