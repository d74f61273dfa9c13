import cors from '@fastify/cors'
import type { Config } from '@parley/core/config/load'
import { allowedOrigins } from '@parley/core/http/origins'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** What pages of allowed origins may do; for all others nothing is said at all (Fetch, 3.3). */
export async function allowPages(app: FastifyInstance, config: Config): Promise<void> {
  const origins = allowedOrigins(config)
  const allowed = {
    credentials: true,
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'x-request-id'],
    exposedHeaders: ['retry-after', 'x-event-cursor', 'x-request-id'],
    maxAge: 600,
    // An OPTIONS that is no preflight is a request like any other.
    strictPreflight: false,
  }
  await app.register(
    cors,
    () =>
      async ({ headers: { origin } }: FastifyRequest) =>
        origin !== undefined && origins.has(origin) ? { ...allowed, origin } : { origin: false },
  )
}
