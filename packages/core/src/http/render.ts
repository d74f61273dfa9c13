import { type ErrorCode, errors } from '@parley/contract'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { sqlState } from '../db/errors.ts'
import type { Logger } from '../log.ts'
import { Refusal, problem } from './problem.ts'

/** What Fastify refuses by itself, before a handler runs. */
const fastifyCodes: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_BAD_URL: 'not_found',
}

const checkViolation = '23514'

/** Connection failures, shutdown, too many connections, query timeout: try again. */
const unavailable = /^(?:08|57P|53300|57014|ECONNREFUSED|ECONNRESET|EPIPE)/

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''

function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const known = fastifyCodes[codeOf(error)]
  if (known) return new Refusal(known)
  const state = sqlState(error) ?? codeOf(error)
  // What only the column's check can see: a name that grew when it was normalised.
  if (state === checkViolation) return new Refusal('invalid_request')
  if (unavailable.test(state) || isPoolTimeout(error)) {
    return new Refusal('unavailable', { retryAfterSeconds: 1 })
  }
  return new Refusal('internal')
}

const isPoolTimeout = (error: unknown): boolean =>
  error instanceof Error &&
  /timeout exceeded when trying to connect|Connection terminated/.test(error.message)

/** One renderer for every refusal; a 500 tells nothing but its request id, the log tells the rest. */
export function renderErrors(app: FastifyInstance, log: Logger): void {
  const send = (reply: FastifyReply, refusal: Refusal) => {
    if (refusal.retryAfterSeconds !== undefined) {
      reply.header('retry-after', String(refusal.retryAfterSeconds))
    }
    if (refusal.code === 'not_signed_in') reply.header('www-authenticate', 'Bearer')
    return reply
      .code(errors[refusal.code].status)
      .header('content-type', 'application/problem+json')
      .serializer(JSON.stringify)
      .send(problem(refusal.code, reply.request.id, refusal.issues))
  }
  app.setErrorHandler((error, request, reply) => {
    const refusal = toRefusal(error)
    if (errors[refusal.code].status >= 500) {
      log.error(
        { err: error, request_id: request.id, route: request.routeOptions.url },
        refusal.code,
      )
    }
    return send(reply, refusal)
  })
  app.setNotFoundHandler((_request, reply) => send(reply, new Refusal('not_found')))
}
