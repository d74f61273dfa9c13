import { setImmediate as otherWork } from 'node:timers/promises'
import type { EphemeralOf, Presence } from '@parley/contract'
import type { Clock } from '@parley/core/clock'
import type { Db } from '@parley/core/db/connection'
import type { Activity } from '@parley/core/presence/board'
import { eventFrame } from '../frame.ts'
import type { Hub } from '../hub.ts'
import type { Stream } from '../stream.ts'
import type { Tail } from '../tail.ts'
import { type Subject, readSubjects } from './queries.ts'
import type { EphemeralWatch } from './watch.ts'

/**
 * Most people of whom is told at once: 200 a second. When thousands come together, their friends learn
 * of it within a minute, and nothing else waits for that.
 */
const atOnce = 50
/** After so many writes, events and accepts get their turn. */
const writesAtOnce = 1000

export interface TellerOptions {
  db: Db
  hub: Hub
  tail: Tail
  clock: Clock
  watch: EphemeralWatch
  activity(userId: number): Activity | undefined
  /** They are nowhere now. */
  gone(userId: number): void
}

export interface Teller {
  /** Somebody may have come, gone or changed. */
  changed(userId: number): void
  /** They may be disturbed, or not any more. */
  dndChanged(userId: number): void
  /** They were there before this server began: nobody needs to be told. */
  known(userId: number): void
  untold(): number
  /** Tells of some; resolves when they are told. */
  tick(): Promise<void>
}

/** Tells those who share a small chat with somebody that they came, went or changed; once each. */
export function createTeller(options: TellerOptions): Teller {
  const { db, hub, tail, clock, watch, activity, gone } = options
  const dirty = new Set<number>()
  /** Who was there before this server began, as far as nothing of them was read yet. */
  const quiet = new Map<number, Activity>()
  /** What was told last of those who are there; `unsure` is anything but offline. */
  const told = new Map<number, Presence | 'unsure'>()
  /** When they may be disturbed again, or not any more, by the time of day. */
  const dndChanges = new Map<number, number>()

  function presenceOf({ id, dnd_until_ms, dnd_changes_ms }: Subject): Presence {
    const doing = activity(id)
    dndChanges.delete(id)
    if (doing === undefined) return 'offline'
    if (Number.isFinite(dnd_changes_ms)) dndChanges.set(id, dnd_changes_ms)
    return dnd_until_ms > clock.now() ? 'dnd' : doing
  }

  function tell(subject: Subject, dirtied: Set<Stream>): void {
    const { id } = subject
    const presence = presenceOf(subject)
    const before = quiet.delete(id) ? presence : (told.get(id) ?? 'offline')
    if (presence === 'offline') {
      told.delete(id)
      gone(id)
    } else told.set(id, presence)
    if (presence === before) return
    const event: EphemeralOf<'PresenceChanged'> = { kind: 'PresenceChanged', user_id: id, presence }
    const frame = eventFrame(event.kind, JSON.stringify(event))
    for (const stream of hub.audience(subject.chat_ids, id)) {
      if (stream.offer(frame)) dirtied.add(stream)
      else if (stream.state === 'live') watch.dropped('slow_reader')
    }
  }

  async function tellAll(subjects: readonly Subject[]): Promise<void> {
    const dirtied = new Set<Stream>()
    for (const subject of subjects) tell(subject, dirtied)
    let written = 0
    for (const stream of dirtied) {
      stream.flush()
      if (++written % writesAtOnce === 0) await otherWork()
    }
  }

  /** Whatever was told of them, it is told anew. */
  function doubt(userId: number): void {
    if (quiet.delete(userId) || told.has(userId)) told.set(userId, 'unsure')
    dirty.add(userId)
  }

  return {
    changed(userId) {
      const before = quiet.get(userId)
      if (before === undefined) dirty.add(userId)
      else if (before !== activity(userId)) doubt(userId)
    },
    dndChanged: doubt,
    untold: () => dirty.size,
    known(userId) {
      const doing = activity(userId)
      if (doing === undefined) return
      dirty.delete(userId)
      quiet.set(userId, doing)
    },
    async tick() {
      for (const [id, at] of dndChanges) if (at <= clock.now()) dirty.add(id)
      const ids = [...dirty, ...quiet.keys()].slice(0, atOnce)
      if (ids.length === 0) return
      for (const id of ids) dirty.delete(id)
      try {
        const subjects = await db.rows(readSubjects(ids))
        // Whoever has left one of the chats meanwhile is not told; the hub has to know of that first.
        await tail.caughtUp()
        await tellAll(subjects)
        // Nor of those without a row is there anything to read.
        for (const id of ids) quiet.delete(id)
      } catch (error) {
        for (const id of ids) if (!quiet.has(id)) dirty.add(id)
        throw error
      }
    },
  }
}
