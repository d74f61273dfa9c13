import { graceMs } from '@parley/core/presence/gossip'
import type { Activity } from '@parley/core/presence/board'
import type { Reader } from '../stream.ts'

/** More devices of one person than that are not remembered as left alone. */
const mostDevices = 20

interface Here {
  /** Open streams by the session that they belong to: a session is a device. */
  streams: Map<number, number>
  /** When they count as gone, after their last stream. */
  leavesAt: number | undefined
}

interface PeopleOptions {
  now: () => number
  set(userId: number, activity: Activity | undefined): void
}

/** Who is at the streams of this server. */
export class People {
  readonly #here = new Map<number, Here>()
  readonly #leaving = new Set<number>()
  /** Sessions at whose device nobody sits, on any server: their next stream may come here. */
  readonly #left = new Map<number, Set<number>>()
  readonly #options: PeopleOptions

  constructor(options: PeopleOptions) {
    this.#options = options
  }

  opened({ userId, sessionId }: Reader): void {
    const here: Here = this.#here.get(userId) ?? { streams: new Map(), leavesAt: undefined }
    this.#here.set(userId, here)
    here.streams.set(sessionId, (here.streams.get(sessionId) ?? 0) + 1)
    this.#leaving.delete(userId)
    this.#tell(userId, here)
  }

  closed({ userId, sessionId }: Reader): void {
    const here = this.#here.get(userId)
    if (!here) return
    const rest = (here.streams.get(sessionId) ?? 0) - 1
    if (rest > 0) here.streams.set(sessionId, rest)
    else here.streams.delete(sessionId)
    if (here.streams.size > 0) return this.#tell(userId, here)
    // A reload closes a stream before it opens the next one.
    here.leavesAt = this.#options.now() + graceMs
    this.#leaving.add(userId)
  }

  /** What somebody says of the device in front of them. */
  device(userId: number, sessionId: number, away: boolean): void {
    const left = this.#left.get(userId) ?? new Set<number>()
    if (!away) left.delete(sessionId)
    else if (left.size < mostDevices) left.add(sessionId)
    if (left.size > 0) this.#left.set(userId, left)
    else this.#left.delete(userId)
    const here = this.#here.get(userId)
    if (here && here.streams.size > 0) this.#tell(userId, here)
  }

  /** They are on no server any more: who comes back is there until they say otherwise. */
  forget(userId: number): void {
    this.#left.delete(userId)
  }

  /** Sees to those whose time is over. */
  tick(): void {
    const now = this.#options.now()
    for (const userId of this.#leaving) {
      // In the order in which they left.
      if ((this.#here.get(userId)?.leavesAt ?? 0) > now) return
      this.#leaving.delete(userId)
      this.#here.delete(userId)
      this.#options.set(userId, undefined)
    }
  }

  #tell(userId: number, { streams }: Here): void {
    const left = this.#left.get(userId)
    const away = left !== undefined && [...streams.keys()].every((sessionId) => left.has(sessionId))
    this.#options.set(userId, away ? 'away' : 'online')
  }
}
