import type { Endpoint } from '@parley/contract'
import type { Asked } from './call.ts'
import type { Actor, Cast } from './cast.ts'
import type { Entry } from './entry.ts'
import type { Place } from './places.ts'

/** The call of an entry with the ids of a place, by somebody; `people` are those whom it wishes for. */
export function requestOf(
  { method, path, body: takesBody }: Endpoint,
  entry: Entry,
  place: Place,
  cast: Cast,
  actor: Actor,
  people: Cast = cast,
): Asked {
  const { query = {}, body, headers = {} } = entry.wish(place, people)
  const params: Record<string, string | number> = {
    id: place[entry.id],
    message_id: place.message,
    user_id: cast[entry.who].id,
    session_id: people.owner.spare ?? 0,
    passkey_id: people.owner.passkey ?? 0,
    code: place.code,
  }
  const there = path.replace(/:([a-z_]+)/g, (_, name: string) => String(params[name] ?? ''))
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString()
  return {
    method,
    path: search === '' ? there : `${there}?${search}`,
    token: cast[actor].token,
    headers,
    ...(takesBody && { body }),
  }
}
