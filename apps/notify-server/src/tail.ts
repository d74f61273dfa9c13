import { setTimeout as delay } from 'node:timers/promises'
import type { Db } from '@parley/core/db/connection'
import type { Logger } from '@parley/core/log'
import type { Metrics } from '@parley/core/metrics/metrics'
import { createBell } from './bell.ts'
import { type Listener, Rounds } from './rounds.ts'
import { openLink } from './tail-link.ts'
import { watchTail } from './tail-watch.ts'

export interface TailOptions {
  databaseUrl: string
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
  /** Resolves when a round that began after the call is delivered; rejects when the tail stops. */
  caughtUp(): Promise<void>
  stop(): Promise<void>
}

/** The longest time between two rounds: what a lost bell costs, in milliseconds. */
const pollEvery = 250
/** Between two attempts to connect, in milliseconds. */
const backOff = { first: 50, longest: 2000 }

/**
 * Follows the event log on one connection: a round when the bell rings, never two at once, so what
 * rings during a round is the next one.
 */
export function createTail(options: TailOptions): Tail {
  const { databaseUrl, log, metrics, listener, pageSize = 2000 } = options
  const bell = createBell()
  const watch = watchTail(metrics, listener)
  const rounds = new Rounds(watch.listener, pageSize)
  const stopping = new AbortController()
  let following = false
  let waiting: PromiseWithResolvers<void>[] = []
  let ended: Promise<void> = Promise.resolve()
  metrics.gauge('parley_tail_following', 'Whether the tail follows the log: 1 or 0.', () =>
    following ? 1 : 0,
  )

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

  async function follow(): Promise<void> {
    const link = await openLink(databaseUrl, bell.ring)
    try {
      await rounds.resume(link.db)
      let rangAt: number | undefined
      while (!stopping.signal.aborted) {
        await round(link.db, rangAt)
        following = true
        rangAt = await bell.heard(pollEvery)
      }
    } finally {
      link.destroy()
    }
  }

  async function run(): Promise<void> {
    let wait = backOff.first
    while (!stopping.signal.aborted) {
      try {
        await follow()
      } catch (error) {
        if (following) wait = backOff.first
        following = false
        watch.lostConnection()
        log.warn({ err: error, retry_in_ms: wait }, 'the tail has no connection')
        await delay(wait, undefined, { signal: stopping.signal }).catch(() => undefined)
        wait = Math.min(wait * 2, backOff.longest)
      }
    }
    following = false
    for (const { reject } of waiting) reject(new Error('the tail has stopped'))
  }

  function caughtUp(): Promise<void> {
    const round = Promise.withResolvers<void>()
    waiting.push(round)
    bell.ring()
    return round.promise
  }

  return {
    async start() {
      const first = caughtUp()
      ended = run()
      await first
    },
    following: () => following,
    caughtUp,
    async stop() {
      stopping.abort()
      bell.ring()
      await ended
    },
  }
}
