import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ErrorCode, errors } from '@parley/contract'
import { problem } from '@parley/core/http/problem'

/** What every reply carries, refusals too. */
const always = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  vary: 'Origin, Authorization',
  'x-content-type-options': 'nosniff',
}

/** Proxies must neither keep nor change nor collect an event stream. */
export const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
}

/**
 * Sets the headers that no reply goes without. Pages of an allowed origin may read the reply; no
 * credentials of the browser are involved, so nothing is said of them.
 */
export function prepare(
  request: IncomingMessage,
  response: ServerResponse,
  origins: ReadonlySet<string>,
): string {
  const id = randomUUID()
  const { origin } = request.headers
  for (const [name, value] of Object.entries(always)) response.setHeader(name, value)
  response.setHeader('x-request-id', id)
  if (origin !== undefined && origins.has(origin)) {
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('access-control-expose-headers', 'Retry-After, X-Request-Id')
  }
  return id
}

/** A browser asks before it sends a header of ours (Fetch standard, 3.2.2). */
export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET',
    'access-control-allow-headers': 'Authorization, Last-Event-ID, Cache-Control',
    'access-control-max-age': '600',
  })
  response.end()
}

export function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

export function sendProblem(
  response: ServerResponse,
  code: ErrorCode,
  requestId: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(errors[code].status, {
    'content-type': 'application/problem+json',
    ...(code === 'not_signed_in' ? { 'www-authenticate': 'Bearer' } : {}),
    ...headers,
  })
  response.end(JSON.stringify(problem(code, requestId)))
}

/** How long a client is to stay away, in whole milliseconds; each another time, or all come at once. */
export const retryMs = (): number => 1000 + Math.floor(Math.random() * 4000)

/**
 * Asks the client to come back later. An EventSource gives up for good on any status but 200, so one
 * that came with a ticket gets a stream that tells it when, and ends.
 */
export function sendLater(response: ServerResponse, byToken: boolean, requestId: string): void {
  if (byToken) sendProblem(response, 'unavailable', requestId, { 'retry-after': '5' })
  else response.writeHead(200, streamHeaders).end(`retry: ${5 * retryMs()}\n\n`)
}
