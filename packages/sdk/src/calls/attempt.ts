import type { Endpoint } from '@parley/contract'
import { NetworkError } from '../errors.ts'
import { bodyOf } from './answer.ts'
import { type Parts, urlOf } from './url.ts'

export type Fetch = typeof globalThis.fetch

export interface Reply<T> {
  status: number
  body: T
  headers: Headers
}

export interface Attempt {
  fetch: Fetch
  url: string
  endpoint: Endpoint
  parts: Parts
  token: string | undefined
  /** How long one attempt may take, in milliseconds. */
  timeoutMs: number
  signal: AbortSignal | undefined
  /** Whether the session's cookie goes along; it does to the calls that make or end a session. */
  cookies: boolean
}

function bodyOfCall({ endpoint, parts }: Attempt): string | FormData {
  if (!endpoint.form) return JSON.stringify(parts.body ?? {})
  if (parts.body instanceof FormData) return parts.body
  throw new TypeError('This call takes FormData.')
}

/** One request and its answer. Throws ParleyError or NetworkError, or the signal's own reason. */
export async function attempt(one: Attempt): Promise<Reply<unknown>> {
  const { form, body: takesBody } = one.endpoint
  // A form has files in it, which take as long as they take.
  const timeouts = form ? [] : [AbortSignal.timeout(one.timeoutMs)]
  const signal = AbortSignal.any([...(one.signal ? [one.signal] : []), ...timeouts])
  const headers = new Headers({ accept: 'application/json, application/problem+json' })
  if (one.token !== undefined) headers.set('authorization', `Bearer ${one.token}`)
  // The servers take a body of exactly this type only: a form of another site cannot send it.
  if (takesBody && !form) headers.set('content-type', 'application/json')
  // Written before anything is sent: a call that cannot be written is the caller's mistake.
  const url = urlOf(one.url, one.endpoint, one.parts)
  const body = takesBody ? bodyOfCall(one) : null
  try {
    const response = await one.fetch(url, {
      method: one.endpoint.method,
      headers,
      body,
      signal,
      credentials: one.cookies ? 'include' : 'omit',
      redirect: 'error',
      cache: 'no-store',
    })
    return { status: response.status, body: await bodyOf(response), headers: response.headers }
  } catch (cause) {
    one.signal?.throwIfAborted()
    if (cause instanceof Error && 'outcome' in cause) throw cause
    throw new NetworkError('The server could not be reached.', { cause })
  }
}
