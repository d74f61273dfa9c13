import cors from '@fastify/cors'
import type { Config } from '@parley/core/config/load'
import { allowedOrigins } from '@parley/core/http/origins'
import type { FastifyInstance, FastifyRequest } from 'fastify'

const uploads = /^\/api\/uploads(?:[/?]|$)/
/** What resumable uploads ask and tell in headers (tus 1.0.0). */
const asked = ['tus-resumable', 'upload-length', 'upload-metadata', 'upload-offset']
const told = [
  'location',
  'parley-file-id',
  'tus-extension',
  'tus-max-size',
  'tus-resumable',
  'tus-version',
  'upload-expires',
  'upload-length',
  'upload-metadata',
  'upload-offset',
]

/** What pages of allowed origins may do; for all others nothing is said at all (Fetch, 3.3). */
export async function allowPages(app: FastifyInstance, config: Config): Promise<void> {
  const origins = allowedOrigins(config)
  const allowed = {
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'x-request-id'],
    exposedHeaders: [
      'ratelimit-limit',
      'ratelimit-remaining',
      'ratelimit-reset',
      'retry-after',
      'x-event-cursor',
      'x-request-id',
    ],
    maxAge: 600,
    // An OPTIONS that is no preflight is a request like any other.
    strictPreflight: false,
  }
  const forUploads = {
    ...allowed,
    allowedHeaders: [...allowed.allowedHeaders, ...asked],
    exposedHeaders: [...allowed.exposedHeaders, ...told],
  }
  await app.register(
    cors,
    () =>
      async ({ headers: { origin }, url }: FastifyRequest) =>
        origin !== undefined && origins.has(origin)
          ? { ...(uploads.test(url) ? forUploads : allowed), origin }
          : { origin: false },
  )
}
