import type { People } from '../ephemeral/note.ts'
import type { Activity, Crowd } from './board.ts'

/** Ids are 16 digits long, and a notification takes less than 8,000 bytes. */
const mostIds = 400

type Lists = Pick<People, 'online' | 'away' | 'gone'>

function listsOf(people: Iterable<readonly [number, Activity | undefined]>): Lists[] {
  const all: Lists[] = []
  let size = mostIds
  for (const [id, activity] of people) {
    if (size === mostIds) {
      all.push({ online: [], away: [], gone: [] })
      size = 0
    }
    all.at(-1)?.[activity ?? 'gone'].push(id)
    size++
  }
  return all
}

/** Everybody at a server. */
export function digestOf({ server, n, people, leaseMs }: Crowd): People[] {
  const all = listsOf(people)
  if (all.length === 0) all.push({ online: [], away: [], gone: [] })
  return all.map((lists, at) => ({
    kind: 'people',
    server,
    n,
    lease_ms: leaseMs,
    part: { at, of: all.length },
    ...lists,
  }))
}

/** Who came and went since the change `n`; undefined stands for those who went. */
export const changesOf = (
  server: string,
  n: number,
  changes: ReadonlyMap<number, Activity | undefined>,
  leaseMs: number,
): People[] =>
  listsOf(changes).map((lists, at) => ({
    kind: 'people',
    server,
    n: n + at + 1,
    lease_ms: leaseMs,
    ...lists,
  }))

export const signOfLife = (server: string, n: number, leaseMs: number): People => ({
  kind: 'people',
  server,
  n,
  lease_ms: leaseMs,
  online: [],
  away: [],
  gone: [],
})
