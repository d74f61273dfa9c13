import { setTimeout as delay } from 'node:timers/promises'
import { createBell } from './bell.ts'
import { isReadTimeout } from './errors.ts'
import { type Link, type LinkOptions, TooSlow, isStandby, openLink } from './link.ts'

export interface FollowerOptions extends Omit<LinkOptions, 'wake'> {
  /** The longest time between two rounds, in milliseconds: what a lost bell costs. */
  everyMs: number
  /** Called once on each new connection, before its first round. */
  begin?(link: Link): Promise<void>
  /**
   * Reads what is new. Whatever it throws ends the connection. `rangAt` is when the bell first rang
   * for it, by `performance.now()`.
   */
  round(link: Link, rangAt: number | undefined): Promise<void>
  /** How long to leave the bell unheard after a round that took so long, in milliseconds. */
  restMs?(tookMs: number): number
  /** The connection could not be made, or broke. */
  failed(error: unknown, retryInMs: number): void
}

/** Somebody who reads what is new in the database, again and again, until it is stopped. */
export interface Follower {
  /** Whether the last thing that happened was a round that succeeded. */
  connected(): boolean
  /**
   * How old its knowledge is, in milliseconds: since the start of the last round that succeeded. It
   * goes on while a round waits for its answer, and is infinite before the first one.
   */
  age(): number
  /** A round is wanted now. */
  ring(): void
  stop(): Promise<void>
}

/** Between two attempts to connect, in milliseconds. */
const backOff = { first: 50, longest: 300 }
/**
 * How long a statement, and the making of a connection, may take, in milliseconds. Short, because a
 * network that swallows everything shows in nothing else; more after each time that it was too short,
 * so that a server under a load that makes it slow, or far away, is followed in the end. A network
 * that lost the first packet of a connection delivers the second one within a second.
 */
const patience = {
  statement: { first: 2_000, longest: 8_000 },
  connection: { first: 1_500, longest: 6_000 },
}

/** Makes rounds on one connection: when the bell rings, never two at once, and every `everyMs`. */
export function startFollower(options: FollowerOptions): Follower {
  const { everyMs, begin, round, restMs, failed } = options
  const bell = createBell()
  const stopping = new AbortController()
  const { signal } = stopping
  let link: Link | undefined
  let connected = false
  let knownAt = -Infinity
  let statementMs = patience.statement.first
  let connectMs = patience.connection.first

  async function follow(): Promise<void> {
    link = await openLink({ ...options, wake: bell.ring }, { connectMs, statementMs })
    try {
      await begin?.(link)
      let rangAt: number | undefined
      while (!signal.aborted) {
        const startedAt = performance.now()
        if (link.standby && !(await isStandby(link.db))) throw new Error('the standby was promoted')
        await round(link, rangAt)
        connected = true
        knownAt = startedAt
        statementMs = patience.statement.first
        connectMs = patience.connection.first
        const rest = restMs?.(performance.now() - startedAt) ?? 0
        if (rest > 0) await delay(rest, undefined, { signal })
        rangAt = await bell.heard(everyMs)
      }
    } finally {
      connected = false
      link.destroy()
    }
  }

  async function run(): Promise<void> {
    let wait = backOff.first
    while (!signal.aborted) {
      const before = knownAt
      try {
        await follow()
      } catch (error) {
        if (signal.aborted) return
        if (knownAt > before) wait = backOff.first
        if (isReadTimeout(error))
          statementMs = Math.min(statementMs * 2, patience.statement.longest)
        if (error instanceof TooSlow)
          connectMs = Math.min(connectMs * 2, patience.connection.longest)
        failed(error, wait)
        await delay(wait, undefined, { signal }).catch(() => undefined)
        wait = Math.min(wait * 2, backOff.longest)
      }
    }
  }

  const ended = run()
  return {
    connected: () => connected,
    age: () => performance.now() - knownAt,
    ring: bell.ring,
    async stop() {
      stopping.abort()
      bell.ring()
      link?.destroy()
      await ended
    },
  }
}
