import type { DatabaseClock } from '@parley/core/clock'
import { startFollower } from '@parley/core/db/follower'
import type { Db } from '@parley/core/db/connection'
import type { Logger } from '@parley/core/log'
import type { Metrics } from '@parley/core/metrics/metrics'
import { type Listener, Rounds } from './rounds.ts'
import { watchTail } from './tail-watch.ts'

export interface TailOptions {
  databaseUrl: string
  /** Learns the time from each round. */
  clock: DatabaseClock
  log: Logger
  metrics: Metrics
  listener: Listener
  /** Most rows that are read at once. */
  pageSize?: number
}

export interface Tail {
  /** Resolves when it follows the log; tries again and again until then. */
  start(): Promise<void>
  /** Whether it follows the log now. */
  following(): boolean
  /** Whether it has not for so long that nothing may be shown any more to those who listen. */
  blind(): boolean
  /** Resolves when a round that began after the call is delivered; rejects when the tail stops. */
  caughtUp(): Promise<void>
  stop(): Promise<void>
}

/** The longest time between two rounds: what a lost bell costs, in milliseconds. */
const pollEvery = 250
/**
 * How old the knowledge of who may read may become, in milliseconds: below the five seconds that are
 * promised, by the time that it takes to look at the clock and to say goodbye.
 */
const oldest = 4000

/**
 * Its two statements look for the newest rows of the log, and nothing in the statistics knows of
 * those yet: without these settings the planner may take the whole log, or all topics, for less work
 * than the few rows that the index on xid leads to. Planning each round would cost more than the round.
 */
const settings =
  '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off ' +
  '-c enable_mergejoin=off -c jit=off'

/** Follows the event log on one connection. What rings during a round is the next one. */
export function createTail(options: TailOptions): Tail {
  const { databaseUrl, clock, log, metrics, listener, pageSize = 2000 } = options
  let follower: ReturnType<typeof startFollower> | undefined
  const age = (): number => follower?.age() ?? Infinity
  const following = (): boolean => (follower?.connected() ?? false) && age() < oldest
  const watch = watchTail(metrics, listener, { age, following, clock })
  const rounds = new Rounds(watch.listener, pageSize, clock)
  let waiting: PromiseWithResolvers<void>[] = []

  async function round(db: Db, rangAt: number | undefined): Promise<void> {
    const served = waiting
    waiting = []
    try {
      await watch.round(() => rounds.next(db), rangAt)
    } catch (error) {
      waiting.unshift(...served)
      throw error
    }
    for (const { resolve } of served) resolve()
  }

  function caughtUp(): Promise<void> {
    const round = Promise.withResolvers<void>()
    waiting.push(round)
    follower?.ring()
    return round.promise
  }

  return {
    async start() {
      const first = caughtUp()
      follower = startFollower({
        url: databaseUrl,
        name: 'parley tail',
        settings,
        everyMs: pollEvery,
        async begin({ db, standby }) {
          // Its snapshots leave out who has not committed yet, and so would the rounds, for ever.
          if (standby) throw new Error('the database only follows another one')
          await rounds.resume(db)
        },
        round: ({ db }, rangAt) => round(db, rangAt),
        failed(err, retry_in_ms) {
          watch.lostConnection()
          log.warn({ err, retry_in_ms }, 'the tail has no connection')
        },
      })
      await first
    },
    following,
    blind: () => age() > oldest,
    caughtUp,
    async stop() {
      await follower?.stop()
      for (const { reject } of waiting) reject(new Error('the tail has stopped'))
    },
  }
}
