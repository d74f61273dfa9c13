import { randomUUID } from 'node:crypto'
import { type FastifyInstance, fastify } from 'fastify'
import type { Logger } from '../log.ts'
import { renderErrors } from './render.ts'
import { refuse } from './problem.ts'
import { parseBody } from './text.ts'

export interface HttpOptions {
  log: Logger
  /** The largest body, in bytes. */
  bodyLimit: number
  /** Whether the server can serve right now. */
  ready: () => Promise<boolean>
}

/** A client may bring its own request id, if it looks like one. */
const requestId = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/

const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  vary: 'Origin, Authorization',
  'x-content-type-options': 'nosniff',
}

/** An HTTP server with what every route shares: bodies, headers, errors, log lines, health. */
export function createHttpServer({ log, bodyLimit, ready }: HttpOptions): FastifyInstance {
  const app = fastify({
    bodyLimit,
    disableRequestLogging: true,
    requestTimeout: 15_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    genReqId: ({ headers: { 'x-request-id': given } }) =>
      typeof given === 'string' && requestId.test(given) ? given : randomUUID(),
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id)
      throw error
    },
    routerOptions: { maxParamLength: 128 },
  })
  app.server.headersTimeout = 15_000

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      // Whatever else a body may be said to be, it is UTF-8 (RFC 8259), and never compressed.
      const type = request.headers['content-type'] ?? ''
      if (!/^application\/json(?: *; *charset="?utf-8"?)?$/i.test(type))
        refuse('unsupported_media_type')
      if (request.headers['content-encoding']) refuse('unsupported_media_type')
      done(null, parseBody(Buffer.isBuffer(body) ? body : Buffer.from(body)))
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  })

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers).header('x-request-id', request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    log.info({
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      request_id: request.id,
      user_id: request.principal?.userId,
    })
  })
  renderErrors(app, log)

  const open = { config: { open: true } } as const
  app.get('/healthz', open, async () => ({ status: 'alive' }))
  app.get('/readyz', open, async (_request, reply) => {
    const isReady = await ready().catch(() => false)
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready' })
  })
  return app
}
