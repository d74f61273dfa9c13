import type { Fetch } from '../calls/attempt.ts'
import { failure } from '../calls/answer.ts'
import type { NetworkError, ParleyError } from '../errors.ts'
import { type FrameHandlers, readFrames } from './frames.ts'
import type { Timing } from './state.ts'
import { watch } from './watchdog.ts'

/** How a connection came to its end. */
export type End =
  | { why: 'ended' }
  | { why: 'broken' }
  | { why: 'silent' }
  | { why: 'closed' }
  | { why: 'refused'; error: ParleyError | NetworkError }

export interface Connection {
  /** Never rejects; handlers do not throw. */
  ended: Promise<End>
  close(): void
}

export interface ConnectOptions {
  fetch: Fetch
  url: string
  token: string | undefined
  cursor: string | undefined
  timing: Timing
  handlers: FrameHandlers & { onLate(): void; onBack(): void }
}

/** One GET of the event stream, from the request to its end. */
export function connect(options: ConnectOptions): Connection {
  const aborted = new AbortController()
  let why: End['why'] | undefined
  const stop = (reason: 'silent' | 'closed') => {
    why ??= reason
    aborted.abort()
  }
  return { ended: run(options, aborted.signal, stop, () => why), close: () => stop('closed') }
}

type Stop = (reason: 'silent' | 'closed') => void

async function run(
  options: ConnectOptions,
  signal: AbortSignal,
  stop: Stop,
  stopped: () => End['why'] | undefined,
): Promise<End> {
  const ended = (): End => {
    const why = stopped()
    return why === 'silent' || why === 'closed' ? { why } : { why: 'broken' }
  }
  const response = await open(options, signal, stop)
  if (!response) return ended()
  if (!response.ok || !response.body || !isEventStream(response)) {
    return { why: 'refused', error: await failure(response) }
  }
  const { handlers, timing } = options
  const dog = watch({ ...handlers, timing, onDead: () => stop('silent') })
  // What was closed delivers nothing more, not even what it has read already.
  const unlessClosed =
    <A>(handle: (argument: A) => void) =>
    (argument: A) => {
      if (!signal.aborted) handle(argument)
    }
  const frames = {
    onFrame: unlessClosed(handlers.onFrame),
    onCursor: unlessClosed(handlers.onCursor),
    onRetry: unlessClosed(handlers.onRetry),
  }
  try {
    await readFrames(response.body, frames, dog.alive)
    return signal.aborted ? ended() : { why: 'ended' }
  } catch {
    return ended()
  } finally {
    dog.stop()
  }
}

const isEventStream = (response: Response): boolean =>
  response.headers.get('content-type')?.startsWith('text/event-stream') ?? false

async function open(
  { fetch, url, token, cursor, timing }: ConnectOptions,
  signal: AbortSignal,
  stop: Stop,
): Promise<Response | undefined> {
  const headers = new Headers({ accept: 'text/event-stream, application/problem+json' })
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  if (cursor !== undefined) headers.set('last-event-id', cursor)
  const timer = setTimeout(() => stop('silent'), timing.connectMs)
  try {
    return await fetch(url, { headers, signal, cache: 'no-store', credentials: 'omit' })
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
