import type { Db } from '@parley/core/db/connection'
import type { LogRow, Page } from './log-row.ts'
import { type RestRow, type RoundRow, readLogState, readRest, readRound } from './queries.ts'
import { wholeRuns } from './runs.ts'
import { type Snapshot, parseSnapshot } from './snapshot.ts'

/** Where the rows go. A page is delivered before the next one is read. */
export interface Listener {
  /** Whatever comes was not visible in the snapshot. */
  began(epoch: string, snapshot: Snapshot): void
  deliver(page: Page): Promise<void>
  /** All rows visible in the snapshot were delivered. */
  completed(snapshot: Snapshot): void
  /** The log's past is another one: nothing leads from what was delivered to what comes. */
  lost(): void
}

/**
 * How far a connection that was lost is taken back, in milliseconds. A server that crashed forgets the
 * aborted transactions whose end it had not written yet (its log writer runs every 200 ms) and gives
 * their ids out again: a snapshot from just before then sees rows that were not there.
 */
const takenBack = 2000

/**
 * Each round reads what became visible since the snapshot of the last one. That is exact where an id
 * or a watermark is not: transactions commit in another order than they take their ids, and one that
 * stays open holds up nobody but itself.
 */
export class Rounds {
  readonly #listener: Listener
  readonly #pageSize: number
  #epoch: string | undefined
  /** All that it sees was delivered. */
  #seen: Snapshot | undefined
  /** What was delivered lately, and what had been seen before it. */
  #recent: { at: number; seen: Snapshot; ids: number[] }[] = []
  /** What was delivered already of that which is read again. */
  #delivered: ReadonlySet<number> = new Set()

  /** `pageSize` is the most rows that are read at once. */
  constructor(listener: Listener, pageSize: number) {
    this.#listener = listener
    this.#pageSize = pageSize
  }

  /** To be called once on each new connection: goes on from a little before the last one ended. */
  async resume(db: Db): Promise<void> {
    const [earliest] = this.#recent
    if (earliest) this.#seen = earliest.seen
    this.#delivered = new Set(this.#recent.flatMap(({ ids }) => ids))
    const { epoch, snapshot } = await db.one(readLogState())
    this.#goesOn(epoch, parseSnapshot(snapshot))
  }

  async next(db: Db): Promise<void> {
    const seen = this.#seen?.text ?? ''
    let rows: readonly (RoundRow | RestRow)[] = await db.rows(readRound(seen, this.#pageSize))
    const [first] = rows
    if (first === undefined || !('snapshot' in first)) throw new Error('log_meta has no row')
    const snapshot = parseSnapshot(first.snapshot)
    if (!this.#goesOn(first.epoch, snapshot)) return
    this.#remember()
    for (;;) {
      const lastId = await this.#deliver(rows, snapshot)
      if (lastId === undefined) break
      rows = await db.rows(readRest(seen, snapshot.text, lastId, this.#pageSize))
    }
    this.#seen = snapshot
    this.#delivered = new Set()
    this.#listener.completed(snapshot)
  }

  /** A restored or older server has another epoch, or gives out transaction ids that were used. */
  #goesOn(epoch: string, snapshot: Snapshot): boolean {
    if (this.#seen && epoch === this.#epoch && snapshot.xmax >= this.#seen.xmax) return true
    if (this.#seen) this.#listener.lost()
    this.#epoch = epoch
    this.#seen = snapshot
    this.#recent = []
    this.#delivered = new Set()
    this.#listener.began(epoch, snapshot)
    return false
  }

  /** Begins an entry for what the round delivers, and forgets all but the last one that is too old. */
  #remember(): void {
    if (this.#seen === undefined) return
    const now = performance.now()
    const last = this.#recent.at(-1)
    // Ten entries a second are enough; what is delivered between them belongs to the earlier one.
    if (last && now - last.at < takenBack / 20) return
    this.#recent.push({ at: now, seen: this.#seen, ids: [] })
    while (this.#recent[1] && now - this.#recent[1].at > takenBack) this.#recent.shift()
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
    if (fresh.length > 0) {
      await this.#listener.deliver({ rows: fresh, snapshot })
      const last = this.#recent.at(-1)
      for (const { id } of fresh) last?.ids.push(id)
    }
    return cut ? page.at(-1)?.id : undefined
  }
}

type MaybeRow = { [Column in keyof RestRow]: RestRow[Column] | null }

/** Leaves out the row of nulls that stands for none. */
export const toLogRows = (rows: readonly MaybeRow[]): LogRow[] =>
  rows.filter(isRow).map((row) => ({ ...row, xid: Number(row.xid) }))

const isRow = (row: MaybeRow): row is RestRow => row.id !== null
