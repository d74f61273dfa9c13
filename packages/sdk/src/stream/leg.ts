import { type Connection, type End, connect } from './connection.ts'
import type { FrameHandlers } from './frames.ts'
import type { Ephemeral } from '@parley/contract'
import { type Signal, isEphemeral, parseEphemeral, parseSignal } from './parse.ts'
import type { Timing } from './state.ts'
import type { Fetch } from '../calls/attempt.ts'

/** One connection in the life of a stream, and what the server said on it. */
export interface Leg {
  token: string | undefined
  /** Resolves once it is live; never, where it ends before. */
  live: Promise<void>
  /** When it became live, in milliseconds since 1970. */
  liveSince: number | undefined
  ended: Promise<End>
  /** The time the server wants to pass before the next connection, in milliseconds. */
  retryMs: number | undefined
  /** The reason the server gave for ending it. */
  bye: string | undefined
  /** The connection that takes over with a new token, undefined where none could be made. */
  successor: Promise<Leg | undefined> | undefined
  close(): void
}

export interface LegOptions {
  fetch: Fetch
  url: string
  token: string | undefined
  cursor: string | undefined
  timing: Timing
  onData(data: string): void
  onEphemeral(event: Ephemeral): void
  onCursor(cursor: string): void
  onSignal(signal: Signal, leg: Leg): void
  onLate(leg: Leg): void
  onBack(leg: Leg): void
}

export function startLeg(options: LegOptions): Leg {
  let becomeLive = () => {}
  const live = new Promise<void>((resolve) => {
    becomeLive = resolve
  })
  const handlers: FrameHandlers = {
    onFrame({ event, data }) {
      if (isEphemeral(event)) {
        const now = parseEphemeral(event, data)
        if (now) options.onEphemeral(now)
        return
      }
      const signal = parseSignal(event, data)
      if (!signal) {
        options.onData(data)
        return
      }
      if (signal.kind === 'ready') {
        leg.liveSince ??= performance.now()
        becomeLive()
      }
      if (signal.kind === 'bye') leg.bye = signal.reason
      options.onSignal(signal, leg)
    },
    onCursor: options.onCursor,
    onRetry(ms) {
      leg.retryMs = ms
    },
  }
  const connection: Connection = connect({
    ...options,
    handlers: {
      ...handlers,
      onLate: () => options.onLate(leg),
      onBack: () => options.onBack(leg),
    },
  })
  const leg: Leg = {
    token: options.token,
    live,
    liveSince: undefined,
    ended: connection.ended,
    retryMs: undefined,
    bye: undefined,
    successor: undefined,
    close: connection.close,
  }
  return leg
}
