import type { Db } from '@parley/core/db/connection'
import type { Pool } from '@parley/core/db/pool'
import type { Logger } from '@parley/core/log'
import { beginAlone, dropPartitions, dropTickets, makePartitions, purge } from './queries.ts'

export interface MaintenanceOptions {
  db: Pool
  log: Logger
  /** Days after which a day's partition of the log is dropped. */
  retentionDays: number
  everyMs?: number
}

export interface Maintenance {
  stop(): Promise<void>
}

const hour = 3_600_000
/** When it is looked again where another server was at it: it may have begun before there was all to do. */
const soon = 1_000

/** Keeps the log's partitions, and removes what is past its time: at the start and then hourly. */
export function startMaintenance(options: MaintenanceOptions): Maintenance {
  const { log, everyMs = hour } = options
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  function next(inMs: number): void {
    if (!stopped) timer = setTimeout(() => void (running = run()), inMs)
  }
  async function run(): Promise<void> {
    try {
      const whole = await maintain(options, () => stopped)
      next(whole ? everyMs : Math.min(everyMs, soon))
    } catch (error) {
      log.warn({ err: error }, 'maintenance failed and is tried again')
      next(Math.min(everyMs, 60_000))
    }
  }
  next(0)
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

/** False where another server had the lock, so that not all of it was done here. */
async function maintain(
  { db, log, retentionDays }: MaintenanceOptions,
  stopped: () => boolean,
): Promise<boolean> {
  const made = await alone(db, (db) => db.rows(makePartitions()))
  const dropped = await alone(db, (db) => db.rows(dropPartitions(retentionDays)))
  if (made?.length || dropped?.length) {
    log.info({ made: made?.length, dropped: dropped?.length }, 'event log partitions')
  }
  await alone(db, (db) => db.run(dropTickets()))
  while (!stopped()) {
    const step = await alone(db, (db) => db.one(purge()))
    if (!step?.purged) break
  }
  return made !== undefined && dropped !== undefined
}

/** In one transaction, with the lock; undefined when another server has it. */
const alone = <T>(db: Pool, work: (db: Db) => Promise<T>): Promise<T | undefined> =>
  db.transaction(async (db) => ((await db.one(beginAlone())).mine ? work(db) : undefined))
