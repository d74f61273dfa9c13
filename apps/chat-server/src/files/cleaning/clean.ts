import type { Db } from '@parley/core/db/connection'
import { repeat } from '../../repeat.ts'
import type { Server } from '../../server.ts'
import * as queries from './queries.ts'

type Keeper = Pick<Server, 'pool' | 'storage' | 'partials' | 'log'>

/**
 * How long what is being written may be left untouched, in milliseconds: longer than the pace of uploads
 * allows, so that it is nobody's any more.
 */
const untouchedMs = 45_000

/** In one transaction, with the lock; undefined when another server has it. */
const alone = <T>({ pool }: Keeper, work: (db: Db) => Promise<T>): Promise<T | undefined> =>
  pool.transaction(async (db) => ((await queries.beginAlone(db)) ? work(db) : undefined))

/** Takes the bytes of files that are gone out of the storage; what fails is tried again later. */
async function takeOut(server: Keeper, now: Date): Promise<boolean> {
  const { pool, storage, partials, log } = server
  const garbage = (await alone(server, (db) => queries.findGarbage(db, now))) ?? []
  const gone: string[] = []
  for (const one of garbage) {
    try {
      await storage.remove(one.key)
      await partials.remove(one.key)
      gone.push(one.key)
    } catch (error) {
      log.warn({ err: error }, 'the storage does not let go of a file, which is tried again')
      await queries.postpone(pool, one, now)
    }
  }
  if (gone.length > 0) await queries.dropGarbage(pool, gone)
  return garbage.length > 0
}

/** Parts of uploads whose row is gone, and with it the word that they may go. */
async function dropLostParts({ pool, partials }: Keeper): Promise<void> {
  const keys = await partials.keys()
  if (keys.length === 0) return
  const pending = await queries.findPending(pool, keys)
  for (const key of keys) if (!pending.has(key)) await partials.remove(key)
}

/** Removes what nobody has any more, as of this time: rows, then bytes. May run anywhere, at any time, twice. */
export async function clean(server: Keeper, now: Date, stopped = () => false): Promise<void> {
  await server.storage.tidy(untouchedMs)
  while (!stopped() && (await alone(server, (db) => queries.dropUnattached(db, now)))) continue
  await alone(server, (db) => queries.dropUploads(db, now))
  while (!stopped() && (await takeOut(server, now))) continue
  if (!stopped()) await dropLostParts(server)
}

const everyMs = 15_000

/** Cleans at the start and then four times a minute. */
export function startCleaning(server: Keeper & Pick<Server, 'clock'>): () => Promise<void> {
  const failed = 'files could not be cleaned up, which is tried again'
  return repeat({ log: server.log, everyMs, failed }, (stopped) =>
    clean(server, new Date(server.clock.now()), stopped),
  )
}
