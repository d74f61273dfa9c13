import type { ChatType } from '@parley/contract'
import type { Pool } from '@parley/core/db/pool'
import { sql } from '@parley/core/db/sql'
import { same } from '../actions/attempt.ts'
import type { Log } from './logs.ts'
import { type Stay, staysIn } from './membership.ts'

interface Place {
  id: number
  type: ChatType | 'workspace'
  workspace_id: number | null
  member_count: number
  deleted: boolean
}

const byPlace = (a: Stay, b: Stay): number => a.joined_seq - b.joined_seq || a.user_id - b.user_id

const readPlaces = async (db: Pool, ids: readonly number[]): Promise<Place[]> => {
  const chats = await db.rows(sql<Place & { type: ChatType }>`
    select id, type, workspace_id, member_count, deleted_at is not null as deleted from chats
    where id = any (${ids}::bigint[])`)
  const workspaces = await db.rows(sql<Omit<Place, 'type' | 'workspace_id'>>`
    select id, member_count, deleted_at is not null as deleted from workspaces
    where id = any (${ids}::bigint[])`)
  return [
    ...chats,
    ...workspaces.map((one) => ({ ...one, type: 'workspace' as const, workspace_id: null })),
  ]
}

const readStays = async (db: Pool, { id, type }: Place): Promise<Stay[]> =>
  type === 'workspace'
    ? db.rows(sql<Stay>`
        select user_id, joined_seq, left_seq, role from workspace_members where workspace_id = ${id}`)
    : db.rows(sql<Stay>`
        select user_id, joined_seq, left_seq, role from chat_members where chat_id = ${id}`)

/** The tables say the same of who is where as the logs, and nobody is where they must not be. */
export async function expectStored(db: Pool, logs: readonly Log[]): Promise<Map<string, Stay[]>> {
  const places = await readPlaces(
    db,
    logs.map(({ id }) => id),
  )
  const stays = new Map<string, Stay[]>()
  for (const log of logs) {
    const place = places.find(({ id }) => id === log.id)
    if (!place) continue
    const told = staysIn(log)
    stays.set(log.topic, told)
    const kept = await readStays(db, place)
    same([log.topic, kept.toSorted(byPlace)], [log.topic, told.toSorted(byPlace)])
    expectInOrder(place, told, log)
  }
  for (const place of places) expectWithin(place, places, stays)
  return stays
}

/**
 * The count is that of who is in, and somebody owns what has members. A public channel that everybody
 * had left is its workspace's alone.
 */
function expectInOrder(
  { id, type, member_count, deleted }: Place,
  stays: readonly Stay[],
  { events }: Log,
): void {
  const present = stays.filter(({ left_seq }) => left_seq === null)
  same([type, id, member_count], [type, id, present.length])
  const wasEmpty = events.some((event) => event.kind === 'MemberLeft' && event.member_count === 0)
  if (deleted || type === 'single' || wasEmpty) return
  const owned = present.some(({ role }) => role === 'owner')
  same([type, id, owned ? 'owned' : 'nobody owns it'], [type, id, 'owned'])
}

/** A channel is its workspace's: it has no other members, and does not outlive it. */
function expectWithin(
  { id, workspace_id, deleted }: Place,
  places: readonly Place[],
  stays: ReadonlyMap<string, Stay[]>,
): void {
  if (workspace_id === null || deleted) return
  const gone = places.find((one) => one.id === workspace_id)?.deleted
  same([`chat:${id}`, gone ? 'outlives its workspace' : 'lives'], [`chat:${id}`, 'lives'])
  const present = (topic: string) =>
    (stays.get(topic) ?? []).flatMap((one) => (one.left_seq === null ? one.user_id : []))
  const home = new Set(present(`workspace:${workspace_id}`))
  const strangers = present(`chat:${id}`).filter((user) => !home.has(user))
  same(
    [`chat:${id}`, 'strangers to the workspace', strangers],
    [`chat:${id}`, 'strangers to the workspace', []],
  )
}
