import type { Parts } from '../calls/url.ts'
import type { Reply } from '../calls/attempt.ts'
import { type RetryOptions, retrying } from '../calls/retry.ts'
import { ParleyError } from '../errors.ts'
import { platformKeepsCookies, refreshTokenIn } from './refresh-cookie.ts'
import { endOf } from './token.ts'

/** What a session consists of; `refresh_token` stays null in browsers, where it is a cookie. */
export interface Tokens {
  token: string | null
  refresh_token: string | null
}

type SessionCall = 'signUp' | 'signIn' | 'refresh' | 'signOut'

interface SessionOptions {
  tokens: Tokens
  onToken: ((tokens: Tokens) => void) | undefined
  request: (name: SessionCall, parts: Parts) => Promise<Reply<unknown>>
  retry: RetryOptions
}

export interface Session {
  /** A token that is good for a minute at least, where one can be had without asking anybody. */
  fresh(): Promise<string | undefined>
  /** A token other than the given one, which was refused or ends; undefined: signed out. */
  renew(old: string | undefined): Promise<string | undefined>
  /**
   * Refreshes, together with whoever does already; rejects with what the server or the network said.
   * `retries` where it is worth some seconds.
   */
  refresh(retries: boolean): Promise<Reply<unknown>>
  /** Takes over what a sign-up, sign-in or refresh answered. */
  take(reply: Reply<unknown>): void
  signOut(): Promise<void>
  tokens(): Tokens
  /** Calls back when the session ends, by sign-out or because the server refused to go on. */
  onEnd(listener: () => void): () => void
}

const earlyMs = 60_000

const isOver = (error: unknown): boolean => error instanceof ParleyError && error.status === 401

const unlessOver = (error: unknown): void => {
  if (!isOver(error)) throw error
}

const tokenIn = (body: unknown): string | null =>
  typeof body === 'object' && body !== null && 'token' in body && typeof body.token === 'string'
    ? body.token
    : null

/** Keeps the tokens, in memory only, and renews them: one refresh at a time serves all who wait. */
export function createSession({ tokens: first, onToken, request, retry }: SessionOptions): Session {
  let tokens = first
  let endsAt = tokens.token === null ? 0 : endOf(tokens.token)
  let over = false
  let refreshing: Promise<Reply<unknown>> | undefined
  const listeners = new Set<() => void>()

  const set = (next: Tokens) => {
    if (next.token !== tokens.token && next.token !== null) endsAt = endOf(next.token)
    tokens = next
    onToken?.(tokens)
  }
  const end = () => {
    const began = tokens.token !== null || tokens.refresh_token !== null
    over = true
    if (began) set({ token: null, refresh_token: null })
    for (const listener of listeners) listener()
  }
  const take = (reply: Reply<unknown>) => {
    const cookie = refreshTokenIn(reply.headers)
    over = false
    set({
      token: tokenIn(reply.body),
      refresh_token: cookie === undefined ? tokens.refresh_token : cookie,
    })
  }
  const body = () => (tokens.refresh_token === null ? {} : { refresh_token: tokens.refresh_token })

  async function ask(retries: boolean): Promise<Reply<unknown>> {
    const before = tokens
    const once = () => request('refresh', { body: body() })
    try {
      // The server gives the same successor again for a while, so a lost answer can be asked for.
      const reply = await (retries ? retrying(once, { ...retry, effects: false }) : once())
      // Somebody signed in or out meanwhile: theirs counts.
      if (tokens === before && !over) take(reply)
      return reply
    } catch (error) {
      if (isOver(error) && tokens === before) end()
      throw error
    }
  }
  const refresh = (retries: boolean): Promise<Reply<unknown>> => {
    refreshing ??= ask(retries).finally(() => void (refreshing = undefined))
    return refreshing
  }
  const renewable = () => !over && (tokens.refresh_token !== null || platformKeepsCookies())
  const renew = async (old: string | undefined): Promise<string | undefined> => {
    if (tokens.token !== null && tokens.token !== old) return tokens.token
    if (!renewable()) {
      if (!over && old !== undefined) end()
      return undefined
    }
    await refresh(true).catch(unlessOver)
    return tokens.token ?? undefined
  }

  return {
    take,
    renew,
    refresh,
    tokens: () => tokens,
    async fresh() {
      const { token } = tokens
      if (token !== null && Date.now() < endsAt - earlyMs) return token
      if (!renewable()) return token ?? undefined
      try {
        return await renew(token ?? undefined)
      } catch (error) {
        // The old one may still do; if not, the call itself says so.
        if (token !== null && Date.now() < endsAt) return token
        throw error
      }
    },
    async signOut() {
      const sent = body()
      end()
      await request('signOut', { body: sent })
    },
    onEnd(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
