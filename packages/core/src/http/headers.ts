import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** What no reply goes without, whoever writes it: a handler, the error renderer, or the parser's refusal. */
export const replyHeaders = (secure: boolean): Record<string, string> => ({
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'referrer-policy': 'no-referrer',
  vary: 'Origin, Authorization',
  'x-content-type-options': 'nosniff',
  // Over plain HTTP browsers ignore it (RFC 6797, 8.1).
  ...(secure ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {}),
})

const looksLikeOne = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/

/** A client may bring its own request id, if it looks like one: it is logged and sent back. */
export function requestIdOf({ headers: { 'x-request-id': given } }: IncomingMessage): string {
  return typeof given === 'string' && looksLikeOne.test(given) ? given : randomUUID()
}
