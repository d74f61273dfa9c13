import type { Ephemeral, Event } from '@parley/contract'
import type { StreamState } from './state.ts'

export interface Listeners {
  onEvent(event: Event): void
  onEphemeral?(event: Ephemeral): void
  onState?(state: StreamState): void
  onMalformed?(data: string): void
}

/** The way to the application, open until the stream ends for good. */
export interface Outlet {
  event(event: Event): void
  ephemeral(event: Ephemeral): void
  malformed(data: string): void
  show(state: StreamState): void
  state(): StreamState
  /** Aborts when the stream ends for good. */
  closed: AbortSignal
  finish(reason: 'closed' | 'signed_out'): void
  fail(error: unknown): void
  failure(): { error: unknown } | undefined
}

/** What the application throws ends the stream, and nothing is handed to it any more. */
export function createOutlet(listeners: Listeners): Outlet {
  const closing = new AbortController()
  let state: StreamState | undefined
  let failure: { error: unknown } | undefined
  let malformed = false

  const end = (reason: 'closed' | 'signed_out' | 'failed') => {
    if (closing.signal.aborted) return
    closing.abort()
    show({ state: 'offline', reason })
  }
  const fail = (error: unknown) => {
    failure ??= { error }
    end('failed')
  }
  const tell = (listen: () => void) => {
    try {
      if (!failure) listen()
    } catch (error) {
      fail(error)
    }
  }
  const show = (next: StreamState) => {
    if (closing.signal.aborted && next.state !== 'offline') return
    if (JSON.stringify(next) === JSON.stringify(state)) return
    state = next
    tell(() => listeners.onState?.(next))
  }
  return {
    show,
    fail,
    finish: end,
    closed: closing.signal,
    state: () => state ?? { state: 'connecting', reason: 'start' },
    failure: () => failure,
    event(event) {
      if (!closing.signal.aborted) tell(() => listeners.onEvent(event))
    },
    ephemeral(event) {
      if (!closing.signal.aborted) tell(() => listeners.onEphemeral?.(event))
    },
    malformed(data) {
      if (!malformed) tell(() => listeners.onMalformed?.(data))
      malformed = true
    },
  }
}
