import type { Ephemeral } from '@parley/contract'
import { jitter } from '../backoff.ts'
import { NetworkError, ParleyError } from '../errors.ts'
import { afterEnd } from './after.ts'
import type { Feed, StreamPosition } from './feed.ts'
import { createLegs } from './legs.ts'
import type { OfflineReason, StreamState, Timing } from './state.ts'
import type { StreamSource } from './stream.ts'

export interface RunOptions {
  source: StreamSource
  timing: Timing
  closed: AbortSignal
  from: StreamPosition | undefined
  feed(onLost: (reason: string) => void): Feed
  onResync(reason: string): StreamPosition | Promise<StreamPosition>
  show(state: StreamState): void
  onEphemeral(event: Ephemeral): void
  signedOut(): void
  /** Waits, unless woken or closed. Milliseconds. */
  sleep(ms: number): Promise<void>
}

export interface Run {
  cursor(): string | undefined
  /** Gives up the present connection for a new one. */
  reconnect(): void
  /** Rejects with what `onResync` threw, unless it was the network's or the server's fault. */
  done: Promise<void>
}

/** The life of a stream: connect, follow, and decide what comes after. */
export function runStream(options: RunOptions): Run {
  const { source, timing, closed, show } = options
  const { session } = source
  /** Why a new bootstrap is needed, if it is. */
  let lost: string | undefined
  /** The token that the server refused last. */
  let refused: string | undefined
  /** Connections since one lived for long. */
  let attempt = 0
  /** Resyncs since then: however long nobody could connect, the first one waits for nothing. */
  let resyncs = 0

  const lose = (reason: string) => {
    lost ??= reason
    legs.close()
  }
  const feed = options.feed(lose)
  if (options.from) feed.restart(options.from)
  const { onEphemeral } = options
  const legs = createLegs({ source, feed, timing, closed, show, onResync: lose, onEphemeral })

  const wait = async (reason: OfflineReason, ms: number) => {
    attempt++
    show({ state: 'offline', reason, retryInMs: Math.round(ms) })
    await options.sleep(ms)
  }

  async function resync(reason: string): Promise<void> {
    show({ state: 'connecting', reason: 'resync' })
    // A server that asks for it again and again is not asked at full speed.
    if (resyncs++ > 0) await options.sleep(jitter(resyncs, timing))
    if (closed.aborted) return
    const position = await options.onResync(reason)
    lost = undefined
    feed.restart(position)
  }

  async function connectOnce(): Promise<void> {
    const token = refused === undefined ? await session.fresh() : await session.renew(refused)
    if (closed.aborted) return
    if (token === undefined) {
      options.signedOut()
      return
    }
    const { leg, end } = await legs.follow(token)
    if (leg.liveSince !== undefined && performance.now() - leg.liveSince > 10 * timing.minMs)
      attempt = resyncs = 0
    const next = afterEnd(end, leg, attempt, timing)
    if (next.does === 'renew') {
      // A new token that is refused too: there is no use in a third.
      if (refused !== undefined) options.signedOut()
      refused = leg.token
      return
    }
    refused = undefined
    if (closed.aborted || lost !== undefined) return
    if (next.does === 'resync') lost = next.reason
    if (next.does === 'wait') await wait(next.reason, next.ms)
  }

  /** Waits after what may pass; throws what will not. */
  async function survive(error: unknown): Promise<void> {
    if (closed.aborted) return
    if (error instanceof ParleyError && error.status === 401) {
      options.signedOut()
      return
    }
    if (!(error instanceof ParleyError || error instanceof NetworkError)) throw error
    const ms = Math.max(jitter(attempt, timing), error.retryAfterMs ?? 0)
    await wait(error instanceof ParleyError ? 'server' : 'network', ms)
  }

  async function run(): Promise<void> {
    show({ state: 'connecting', reason: 'start' })
    while (!closed.aborted) {
      try {
        await (lost === undefined ? connectOnce() : resync(lost))
      } catch (error) {
        await survive(error)
      }
      show({ state: 'connecting', reason: lost === undefined ? 'reconnect' : 'resync' })
    }
  }

  return { cursor: feed.cursor, reconnect: legs.close, done: run() }
}
