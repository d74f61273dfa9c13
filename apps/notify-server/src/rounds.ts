import type { DatabaseClock } from '@parley/core/clock'
import type { Db } from '@parley/core/db/connection'
import { startEpoch } from '@parley/core/db/epoch'
import type { LogRow, Page } from './log-row.ts'
import { type RestRow, type RoundRow, readLogState, readRest, readRound } from './queries.ts'
import { wholeRuns } from './runs.ts'
import { type Snapshot, parseSnapshot, withinLog } from './snapshot.ts'

/** Where the rows go. A page is delivered before the next one is read. */
export interface Listener {
  /** Whatever comes was not visible in the snapshot. */
  began(epoch: string, snapshot: Snapshot): void
  deliver(page: Page): Promise<void>
  /** All rows visible in the snapshot were delivered. */
  completed(snapshot: Snapshot): void
  /** Nothing leads from what was delivered to what comes: the log's past is another one, or gone. */
  lost(reason: 'epoch' | 'retention'): void
}

/**
 * Each round reads what became visible since the snapshot of the last one. That is exact where an id
 * or a watermark is not: transactions commit in another order than they take their ids, and one that
 * stays open holds up nobody but itself.
 */
export class Rounds {
  readonly #listener: Listener
  readonly #pageSize: number
  readonly #clock: DatabaseClock
  #epoch: string | undefined
  /** All that it sees was delivered, and nothing else. */
  #seen: Snapshot | undefined
  /** The newest transaction of which something was delivered. */
  #horizon = 0
  /** How far the log was dropped when we looked last. */
  #droppedThrough = 0
  /** What was delivered of a round that is not complete: a new connection reads it again. */
  readonly #delivered = new Set<number>()

  /** `pageSize` is the most rows that are read at once; each round tells the clock the time. */
  constructor(listener: Listener, pageSize: number, clock: DatabaseClock) {
    this.#listener = listener
    this.#pageSize = pageSize
    this.#clock = clock
  }

  /** To be called once on each new connection: goes on where the last one ended. */
  async resume(db: Db): Promise<void> {
    let state = await db.one(readLogState())
    // It was set back, and nothing else shows it: as clients would find out only by chance, all are told.
    if (this.#seen && state.epoch === this.#epoch && isBehind(state, this.#seen)) {
      await db.run(startEpoch())
      state = await db.one(readLogState())
    }
    const snapshot = parseSnapshot(state.snapshot)
    if (!this.#goesOn(state.epoch, snapshot, Number(state.horizon))) {
      this.#droppedThrough = Number(state.dropped_through)
    }
  }

  async next(db: Db): Promise<void> {
    const seen = this.#seen
    if (seen === undefined) throw new Error('a round before the first connection')
    const sentAt = performance.now()
    let rows: readonly (RoundRow | RestRow)[] = await db.rows(readRound(seen.text, this.#pageSize))
    const [first] = rows
    if (first === undefined || !('snapshot' in first)) throw new Error('log_meta has no row')
    this.#clock.told(first.now_ms, sentAt)
    const snapshot = parseSnapshot(first.snapshot)
    const missed = this.#missed(Number(first.dropped_through), seen)
    this.#droppedThrough = Number(first.dropped_through)
    if (!this.#goesOn(first.epoch, snapshot, seen.xmax)) return
    if (missed) this.#listener.lost('retention')
    for (;;) {
      const lastId = await this.#deliver(rows, snapshot)
      if (lastId === undefined) break
      rows = await db.rows(readRest(seen.text, snapshot.text, lastId, this.#pageSize))
    }
    this.#delivered.clear()
    this.#seen = withinLog(this.#horizon, snapshot)
    this.#listener.completed(this.#seen)
  }

  /** A restored or older server has another epoch, or has not come as far as what was delivered. */
  #goesOn(epoch: string, snapshot: Snapshot, horizon: number): boolean {
    if (this.#seen && epoch === this.#epoch && snapshot.xmax >= this.#seen.xmax) return true
    if (this.#seen) this.#listener.lost('epoch')
    this.#epoch = epoch
    this.#horizon = horizon
    this.#seen = withinLog(horizon, snapshot)
    this.#delivered.clear()
    this.#listener.began(epoch, this.#seen)
    return false
  }

  /**
   * Whether rows left the log that were never read: it takes a server that followed nothing for the
   * whole retention. Those dropped before are known already.
   */
  #missed(droppedThrough: number, { xmin }: Snapshot): boolean {
    return droppedThrough > this.#droppedThrough && droppedThrough >= xmin
  }

  /** Returns the id behind which the round goes on, or undefined when that was all of it. */
  async #deliver(
    rows: readonly (RoundRow | RestRow)[],
    snapshot: Snapshot,
  ): Promise<number | undefined> {
    const all = toLogRows(rows)
    const cut = all.length === this.#pageSize
    const page = cut ? wholeRuns(all) : all
    const fresh = page.filter(({ id }) => !this.#delivered.has(id))
    if (fresh.length > 0) await this.#listener.deliver({ rows: fresh, snapshot })
    for (const { id, xid } of fresh) {
      this.#delivered.add(id)
      this.#horizon = Math.max(this.#horizon, xid)
    }
    return cut ? page.at(-1)?.id : undefined
  }
}

/** Whether the server has not come as far as what was delivered. */
const isBehind = (state: { snapshot: string | null }, { xmax }: Snapshot): boolean =>
  parseSnapshot(state.snapshot).xmax < xmax

type MaybeRow = { [Column in keyof RestRow]: RestRow[Column] | null }

/** Leaves out the row of nulls that stands for none. */
export const toLogRows = (rows: readonly MaybeRow[]): LogRow[] =>
  rows.filter(isRow).map((row) => ({ ...row, xid: Number(row.xid) }))

const isRow = (row: MaybeRow): row is RestRow => row.id !== null
