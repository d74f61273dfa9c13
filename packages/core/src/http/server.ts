import { type FastifyInstance, LogController, fastify } from 'fastify'
import type { Logger } from '../log.ts'
import type { Answered } from '../metrics/metrics.ts'
import { acceptJson } from './body.ts'
import { boundBodies } from './deadline.ts'
import { replyHeaders, requestIdOf } from './headers.ts'
import { refuse } from './problem.ts'
import { errorRenderer } from './render.ts'
import { boundUnread } from './unread.ts'
import { unreadableRequests } from './unreadable.ts'

export interface HttpOptions {
  log: Logger
  /** Told of each answer to a request that could be read. */
  answered: (answer: Answered) => void
  /** The largest body, in bytes. */
  bodyLimit: number
  /** Whether the server can serve right now. */
  ready: () => Promise<boolean>
  /** Proxies whose word on where a request comes from is taken: addresses and CIDR blocks. */
  trustedProxies?: readonly string[] | undefined
  /** Whether browsers reach it by https. */
  secure: boolean
  /** How long headers, a body and a client's reading may take, in milliseconds. */
  patience?: { headers: number; request: number; reading: number }
  /** How much of all answers together may wait for clients to read it, in bytes; 64 MiB unless given. */
  mostUnread?: number
}

/** With the second between two looks at the clock, slow clients are gone after 15 s in each part. */
const usualPatience = { headers: 10_000, request: 14_000, reading: 14_000 }

/** An HTTP server with what every route shares: bodies, headers, errors, log lines, health. */
export function createHttpServer(options: HttpOptions): FastifyInstance {
  const { log, answered, bodyLimit, ready, secure, patience = usualPatience } = options
  const { trustedProxies = [] } = options
  const headers = replyHeaders(secure)
  const unreadable = unreadableRequests(headers, log)
  const renderer = errorRenderer(log)

  const app = fastify({
    bodyLimit,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    logController: new LogController({ disableRequestLogging: true }),
    http: {
      headersTimeout: patience.headers,
      connectionsCheckingInterval: Math.min(1_000, patience.headers / 4),
      // Node's own refusal has none of our headers; a missing Host is refused below.
      requireHostHeader: false,
    },
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    // Requests that are under way when the server stops are answered like any other.
    return503OnClosing: false,
    genReqId: requestIdOf,
    clientErrorHandler: (error, socket) => unreadable.refuse(error, socket),
    // Hooks have not run and will not: the URL led nowhere.
    frameworkErrors: (error, request, reply) => {
      renderer.render(error, request, reply.headers(headers).header('x-request-id', request.id))
      log.info(line(request.method, null, reply.statusCode, request.id))
    },
    routerOptions: { maxParamLength: 128 },
  })
  const bound = boundBodies(patience.request, (late, socket) => unreadable.refuse(late, socket))
  app.server.prependListener('request', bound)
  // An expectation nobody knows may be ignored (RFC 9110, 10.1.1); Node would answer bare.
  app.server.prependListener('checkExpectation', bound).on('checkExpectation', app.routing)

  acceptJson(app)
  app.addHook('onRequest', async (request, reply) => {
    unreadable.begin(reply)
    reply.headers(headers).header('x-request-id', request.id)
    const { httpVersion, rawHeaders } = request.raw
    const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && /^host$/i.test(name)).length
    // Two hosts are two opinions of where a request goes (RFC 9112, 3.2).
    if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0') || !httpVersion.startsWith('1.')) {
      reply.header('connection', 'close')
      refuse('malformed_request')
    }
  })
  boundUnread(app, options.mostUnread)
  const stopping = letGo(app)
  app.addHook('onSend', async (_request, reply) => {
    if (stopping()) reply.header('connection', 'close')
    // Without a listener Node closes a socket that takes nothing for so long.
    reply.raw.setTimeout(patience.reading)
  })
  app.addHook('onResponse', async (request, reply) => {
    unreadable.end(reply)
    const { method, routeOptions, id, principal } = request
    const { elapsedTime, statusCode } = reply
    log.info({
      ...line(method, routeOptions.url ?? null, statusCode, id),
      ms: Math.round(elapsedTime * 10) / 10,
      user_id: principal?.userId,
    })
    answered({
      ...place(method, routeOptions.url),
      status: statusCode,
      seconds: elapsedTime / 1000,
    })
  })
  app.setErrorHandler(renderer.render)
  app.setNotFoundHandler(renderer.notFound)
  health(app, async () => !stopping() && (await ready()))
  return app
}

/**
 * Lets go of the connections when the server stops: those idle at that moment are closed by Fastify,
 * but one that still has an answer to come would be kept alive after it, and the stop with it.
 */
function letGo(app: FastifyInstance): () => boolean {
  let stopping = false
  app.addHook('preClose', async () => {
    stopping = true
    const sweep = setInterval(() => app.server.closeIdleConnections(), 50)
    app.server.once('close', () => clearInterval(sweep))
  })
  return () => stopping
}

/** What is logged of a request: these fields and no others. The route is the pattern, never the URL. */
const line = (method: string, route: string | null, status: number, id: string) => ({
  method,
  route,
  status,
  request_id: id,
})

/** As labels of a metric: those of requests that lead nowhere are the client's choice, so they count as one. */
const place = (method: string, route: string | undefined) =>
  route === undefined ? { method: 'any', route: 'none' } : { method, route }

function health(app: FastifyInstance, ready: () => Promise<boolean>): void {
  const open = { config: { open: true } } as const
  app.get('/healthz', open, async () => ({ status: 'alive' }))
  app.get('/readyz', open, async (_request, reply) => {
    const isReady = await ready().catch(() => false)
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready' })
  })
}
