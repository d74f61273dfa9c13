import { type ErrorCode, errors } from '@parley/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isReadTimeout, sqlState } from '../db/errors.ts'
import type { Logger } from '../log.ts'
import { errorCode } from '../start-error.ts'
import { StorageUnavailable } from '../storage/storage.ts'
import { Refusal, problem } from './problem.ts'

/** What Fastify refuses by itself, before a handler runs. */
const fastifyCodes: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_BAD_URL: 'not_found',
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
}

const checkViolation = '23514'

/**
 * Lost connections (08), conflicts that outlived their repetitions (40), no resources (53), locks
 * (55P03), shutdown and timeouts (57), a standby (25006), the network: try again.
 */
const unavailable =
  /^(?:08|40|53|55P03|57|25006|E(?:CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)$)/

/** pg says these in words only. */
const isLost = (error: unknown): boolean =>
  isReadTimeout(error) ||
  (error instanceof Error &&
    /^(?:timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Cannot use a pool after)/.test(
      error.message,
    ))

function toRefusal(error: unknown, request: FastifyRequest): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof StorageUnavailable)
    return new Refusal('unavailable', { retryAfterSeconds: 5 })
  const known = fastifyCodes[errorCode(error)]
  if (known) return new Refusal(known)
  const state = sqlState(error) ?? errorCode(error)
  // What only the column's check can see: a name that grew when it was normalised.
  if (state === checkViolation) return new Refusal('invalid_request')
  // The client went away in the middle of its body; nobody reads this.
  if (request.raw.destroyed && !request.raw.complete) return new Refusal('malformed_request')
  if (unavailable.test(state) || isLost(error)) {
    return new Refusal('unavailable', { retryAfterSeconds: 1 })
  }
  return new Refusal('internal')
}

function send(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { code, retryAfterSeconds } = refusal
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  if (code === 'not_signed_in') reply.header('www-authenticate', 'Bearer')
  return reply
    .code(errors[code].status)
    .header('content-type', 'application/problem+json')
    .serializer(JSON.stringify)
    .send(problem(code, reply.request.id, refusal))
}

/** One renderer for every refusal; a 500 tells nothing but its request id, the log tells the rest. */
export const errorRenderer = (log: Logger) => ({
  render(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const refusal = toRefusal(error, request)
    if (errors[refusal.code].status >= 500) {
      const route = request.routeOptions.url ?? null
      log.error({ err: error, request_id: request.id, route }, refusal.code)
    }
    return send(reply, refusal)
  },
  notFound: (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    send(reply, new Refusal('not_found')),
})
