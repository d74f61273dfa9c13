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
  /** A round whose rows up to `lastId` were delivered; a new connection finishes it first. */
  #unfinished: { snapshot: Snapshot; lastId: number } | undefined

  /** `pageSize` is the most rows that are read at once. */
  constructor(listener: Listener, pageSize: number) {
    this.#listener = listener
    this.#pageSize = pageSize
  }

  /** To be called once on each new connection: goes on where the last one ended. */
  async resume(db: Db): Promise<void> {
    const { epoch, snapshot } = await db.one(readLogState())
    if (!this.#goesOn(epoch, parseSnapshot(snapshot))) return
    await this.#finish(db)
  }

  async next(db: Db): Promise<void> {
    const rows = await db.rows(readRound(this.#seen?.text ?? '', this.#pageSize))
    const [first] = rows
    if (first === undefined) throw new Error('log_meta has no row')
    const snapshot = parseSnapshot(first.snapshot)
    if (!this.#goesOn(first.epoch, snapshot)) return
    await this.#deliver(rows, snapshot)
    await this.#finish(db)
  }

  /** A restored or older server has another epoch, or gives out transaction ids that were used. */
  #goesOn(epoch: string, snapshot: Snapshot): boolean {
    if (this.#seen && epoch === this.#epoch && snapshot.xmax >= this.#seen.xmax) return true
    if (this.#seen) this.#listener.lost()
    this.#epoch = epoch
    this.#seen = snapshot
    this.#unfinished = undefined
    this.#listener.began(epoch, snapshot)
    return false
  }

  async #finish(db: Db): Promise<void> {
    while (this.#unfinished && this.#seen) {
      const { snapshot, lastId } = this.#unfinished
      const rest = readRest(this.#seen.text, snapshot.text, lastId, this.#pageSize)
      await this.#deliver(await db.rows(rest), snapshot)
    }
  }

  async #deliver(rows: readonly (RoundRow | RestRow)[], snapshot: Snapshot): Promise<void> {
    const all = toLogRows(rows)
    const cut = all.length === this.#pageSize
    const page = cut ? wholeRuns(all) : all
    const last = page.at(-1)
    if (last) await this.#listener.deliver({ rows: page, snapshot })
    if (last && cut) this.#unfinished = { snapshot, lastId: last.id }
    else {
      this.#unfinished = undefined
      this.#seen = snapshot
      this.#listener.completed(snapshot)
    }
  }
}

type MaybeRow = { [Column in keyof RestRow]: RestRow[Column] | null }

/** Leaves out the row of nulls that stands for none. */
export const toLogRows = (rows: readonly MaybeRow[]): LogRow[] =>
  rows.filter(isRow).map((row) => ({ ...row, xid: Number(row.xid) }))

const isRow = (row: MaybeRow): row is RestRow => row.id !== null
