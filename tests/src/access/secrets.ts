import type { Actor, Cast } from './cast.ts'
import type { Place } from './places.ts'

/** Whom a place may be told of: its members, and colleagues of what is public. */
const mayRead = ({ kind }: Place, actor: Actor): boolean =>
  actor === 'owner' ||
  actor === 'member' ||
  (kind === 'public_channel' && (actor === 'colleague' || actor === 'removed'))

/** What in a place only those may read who are in it. */
export const thingsOf = ({ chat, message, file, ownFile, canaries }: Place): string[] => [
  ...[chat, message, file, ownFile].map(String),
  ...canaries,
]

/** Texts and ids that no answer to somebody may hold, whatever they ask for. */
export function secretsOf(place: Place, cast: Cast, actor: Actor): string[] {
  if (mayRead(place, actor)) return actor === 'owner' ? [] : [String(place.ownFile)]
  const things = thingsOf(place)
  if (actor !== 'stranger' && actor !== 'anonymous' && actor !== 'administrator') return things
  const people = [cast.owner, cast.member, cast.colleague, cast.removed, cast.disabled]
  return [...things, ...people.flatMap(({ id, username }) => [String(id), username])]
}
