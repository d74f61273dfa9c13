import type { Ephemeral, Event } from '@parley/contract'
import { pause } from '../backoff.ts'
import type { Fetch } from '../calls/attempt.ts'
import type { Methods } from '../calls/methods.ts'
import type { Session } from '../session/session.ts'
import { type StreamPosition, createFeed } from './feed.ts'
import { onOnline } from './online.ts'
import { createOutlet } from './outlet.ts'
import { runStream } from './run.ts'
import { type StreamState, type Timing, defaultTiming } from './state.ts'

export interface StreamOptions {
  /** Where to begin; without it, with what comes from now on. */
  from?: StreamPosition
  /** Each event once, in the order of its topic. What it throws ends the stream: see `done`. */
  onEvent(event: Event): void
  /**
   * Who writes, and whose presence has changed. Some of it may be lost and some come twice: it is true
   * now, or was a moment ago. Ask `listPresences` whenever the stream has become live.
   */
  onEphemeral?(event: Ephemeral): void
  onState?(state: StreamState): void
  /** Events were lost for good: take a new bootstrap, replace what is kept by it and return it. */
  onResync(reason: string): StreamPosition | Promise<StreamPosition>
  /** A frame that is no event was passed over. Called for the first one only. */
  onMalformed?(data: string): void
  signal?: AbortSignal
  timing?: Partial<Timing>
}

export interface Stream {
  /** Where another stream can go on: it stands for nothing that `onEvent` was not given. */
  cursor(): string | undefined
  state(): StreamState
  /** Connects now instead of waiting: the person is back, or the network is. */
  wake(): void
  close(): void
  /** Resolves when the stream has ended for good, rejects with what the application threw. */
  done: Promise<void>
}

export interface StreamSource {
  fetch: Fetch
  session: Session
  listEvents: Methods['listEvents']
  /** `again` where no stream began at what it told before. */
  eventsUrl(again: boolean): Promise<string>
}

/** Follows the events until closed or signed out, over as many connections as it takes. */
export function openStream(source: StreamSource, options: StreamOptions): Stream {
  const outlet = createOutlet(options)
  const { closed } = outlet
  let waking = new AbortController()
  closed.addEventListener('abort', () => waking.abort())

  const run = runStream({
    source,
    feed: (onLost) => createFeed({ outlet, onLost, listEvents: source.listEvents }),
    from: options.from,
    onResync: (reason) => options.onResync(reason),
    timing: { ...defaultTiming, ...options.timing },
    closed,
    show: outlet.show,
    onEphemeral: outlet.ephemeral,
    signedOut: () => outlet.finish('signed_out'),
    sleep(ms) {
      waking = new AbortController()
      if (closed.aborted) waking.abort()
      return pause(ms, waking.signal)
    },
  })
  const wake = () => {
    waking.abort()
    if (outlet.state().state === 'stale') run.reconnect()
  }
  const close = () => outlet.finish('closed')
  const stops = [onOnline(wake), source.session.onEnd(() => outlet.finish('signed_out'))]
  options.signal?.addEventListener('abort', close)
  if (options.signal?.aborted) close()

  const settle = async () => {
    await run.done.catch(outlet.fail)
    for (const stop of stops) stop()
    options.signal?.removeEventListener('abort', close)
    const failure = outlet.failure()
    if (failure) throw failure.error
  }
  return { cursor: run.cursor, state: outlet.state, wake, close, done: settle() }
}
