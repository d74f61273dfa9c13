import type { Ephemeral } from '@parley/contract'
import type { End } from './connection.ts'
import type { Feed } from './feed.ts'
import { type Leg, startLeg } from './leg.ts'
import type { Signal } from './parse.ts'
import type { StreamState, Timing } from './state.ts'
import type { StreamSource } from './stream.ts'

export interface LegsOptions {
  source: StreamSource
  feed: Feed
  timing: Timing
  closed: AbortSignal
  show(state: StreamState): void
  onResync(reason: string): void
  onEphemeral(event: Ephemeral): void
}

export interface Legs {
  /** Connects, and follows those who take over too, to the end of the last one. */
  follow(token: string | undefined): Promise<{ leg: Leg; end: End }>
  close(): void
}

/** The connections of a stream: one at a time, two while one hands over to the next. */
export function createLegs(options: LegsOptions): Legs {
  const { source, feed, timing, closed, show, onResync, onEphemeral } = options
  const open = new Set<Leg>()
  let current: Leg | undefined
  /** The last connection never said `ready`: the stream may be elsewhere now. */
  let failed = false

  const close = () => {
    for (const leg of open) leg.close()
  }
  closed.addEventListener('abort', close)

  const onSignal = (signal: Signal, leg: Leg) => {
    if (signal.kind === 'ready' && leg === current) show({ state: 'live' })
    if (signal.kind === 'reauth') leg.successor ??= handOver(leg)
    if (signal.kind === 'resync') onResync(signal.reason)
  }

  async function begin(token: string | undefined): Promise<Leg> {
    const url = await source.eventsUrl(failed)
    const leg = startLeg({
      fetch: source.fetch,
      url,
      token,
      cursor: feed.cursor(),
      timing,
      onData: feed.take,
      onEphemeral,
      onCursor: feed.sawCursor,
      onSignal,
      onLate(late) {
        if (late === current) show({ state: 'stale', reason: 'heartbeat_missed' })
      },
      onBack(back) {
        if (back === current && back.liveSince !== undefined) show({ state: 'live' })
      },
    })
    open.add(leg)
    void leg.ended.then(() => {
      open.delete(leg)
      failed = leg.liveSince === undefined
    })
    if (closed.aborted) leg.close()
    return leg
  }

  /** The new connection is live before the old one goes, so nothing waits in between. */
  async function handOver(old: Leg): Promise<Leg | undefined> {
    try {
      const token = await source.session.renew(old.token)
      if (token === undefined) return undefined
      const leg = await begin(token)
      const end = await Promise.race([leg.live, leg.ended])
      if (end) return undefined
      current = leg
      show({ state: 'live' })
      old.close()
      return leg
    } catch {
      // The old one goes on as long as its token does, and then there is a new one the usual way.
      return undefined
    }
  }

  return {
    close,
    async follow(token) {
      let leg = await begin(token)
      current = leg
      for (;;) {
        const end = await leg.ended
        const next = await leg.successor
        if (!next) {
          current = undefined
          return { leg, end }
        }
        leg = next
      }
    },
  }
}
