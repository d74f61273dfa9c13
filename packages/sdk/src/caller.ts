import { type Endpoint, endpoints } from '@parley/contract'
import { type Fetch, attempt } from './calls/attempt.ts'
import {
  type Call,
  type CallOptions,
  type Methods,
  type Request,
  callsOf,
} from './calls/methods.ts'
import { withNonce } from './calls/nonce.ts'
import { type RetryOptions, defaultRetry, retrying } from './calls/retry.ts'
import type { Parts } from './calls/url.ts'
import { ParleyError } from './errors.ts'
import { type Session, type Tokens, createSession } from './session/session.ts'
import type { StreamSource } from './stream/stream.ts'

export interface ClientOptions {
  /** Where the chat-server is: `https://chat.example.org`. */
  url: string
  /** Where the event stream is; else asked for by `getInstance`, again when no stream begins there. */
  eventsUrl?: string
  /** Where it was found the last time, to be kept over restarts. */
  eventsPlace?: EventsPlace
  fetch?: Fetch
  /** Tokens of a session begun before. */
  token?: string
  refreshToken?: string
  /** Called with the tokens whenever they change; both null once signed out. */
  onToken?: (tokens: Tokens) => void
  /** Told why a call that takes a token was refused, before whoever made it. */
  onRefused?: (code: string) => void
  retry?: Partial<RetryOptions>
  /** How long one attempt of a call may take, in milliseconds; 30,000 unless given. */
  timeoutMs?: number
}

export interface EventsPlace {
  read(): string | undefined
  write(url: string): void
}

/** All of a client but its stream, so that a page that needs none loads nothing of it. */
export interface Caller extends Omit<Methods, 'signOut'> {
  /** Calls an endpoint and gives its body. Throws ParleyError or NetworkError. */
  call: Call
  /** The same with status and headers: `X-Event-Cursor` of a send, 200 or 201. */
  request: Request
  /** Ends the session here at once, and its streams; then tells the server. */
  signOut(): Promise<void>
  /** The session's tokens, to begin another client with. */
  tokens(): Tokens
  /** Calls back when the session ends, by sign-out or because the server refused to go on. */
  onEnd(listener: () => void): () => void
  /** What `openStream` needs. */
  source: StreamSource
}

/** The calls of one Parley instance with at most one session. */
export function createCaller(options: ClientOptions): Caller {
  const retry = { ...defaultRetry, ...options.retry }
  const base = {
    fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
    url: options.url,
    timeoutMs: options.timeoutMs ?? 30_000,
  }

  const once = (endpoint: Endpoint, parts: Parts, token?: string, signal?: AbortSignal) =>
    attempt({ ...base, endpoint, parts, token, signal, cookies: endpoint.session !== undefined })

  const session: Session = createSession({
    tokens: { token: options.token ?? null, refresh_token: options.refreshToken ?? null },
    onToken: options.onToken,
    request: (name, parts) => once(endpoints[name], parts),
    retry: { ...retry, limitMs: Math.min(retry.limitMs, 5_000) },
  })

  async function signedIn(endpoint: Endpoint, parts: Parts, signal?: AbortSignal) {
    if (endpoint.auth === 'none') return once(endpoint, parts, undefined, signal)
    const token = await session.fresh()
    try {
      return await once(endpoint, parts, token, signal)
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      options.onRefused?.(error.code)
      if (error.code !== 'not_signed_in') throw error
      const next = await session.renew(token)
      if (next === undefined) throw error
      return once(endpoint, parts, next, signal)
    }
  }

  async function request(endpoint: Endpoint, input: Parts = {}, call: CallOptions = {}) {
    // Without a token of its own: the session's, which may be under way already.
    if (endpoint === endpoints.refresh && Object.keys(input.body ?? {}).length === 0)
      return session.refresh(false)
    const effects = endpoint.method !== 'GET'
    if (effects && endpoint !== endpoints.sendMessage) {
      const reply = await signedIn(endpoint, input, call.signal)
      if (endpoint.session === 'begins' && reply.status !== 202) session.take(reply)
      return reply
    }
    const parts = withNonce(endpoint, input)
    const limitMs = call.retryLimitMs ?? retry.limitMs
    const go = () => signedIn(endpoint, parts, call.signal)
    return retrying(go, { ...retry, limitMs, effects, signal: call.signal })
  }

  const { call, methods, typed } = callsOf(request)
  const place = options.eventsPlace ?? memory()
  async function eventsUrl(again: boolean): Promise<string> {
    const known = options.eventsUrl ?? (again ? undefined : place.read())
    if (known !== undefined) return known
    const { events_url } = await call(endpoints.getInstance)
    place.write(events_url)
    return events_url
  }
  return {
    ...methods,
    call,
    request: typed,
    signOut: session.signOut,
    tokens: session.tokens,
    onEnd: session.onEnd,
    source: { fetch: base.fetch, session, listEvents: methods.listEvents, eventsUrl },
  }
}

function memory(): EventsPlace {
  let url: string | undefined
  return { read: () => url, write: (found) => void (url = found) }
}
