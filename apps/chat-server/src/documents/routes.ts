import { document as describe } from '@parley/contract'
import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { version } from '../version.ts'

/** The page brings its script in line; nothing on it may come from elsewhere. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** OpenAPI at /api/openapi.json, and a page to read it at /docs that asks nobody else for anything. */
export async function documents(app: FastifyInstance, { config }: Server): Promise<void> {
  const document = JSON.stringify(
    describe({ version, url: config.publicUrl, eventsUrl: config.eventsUrl }),
  )
  app.get('/api/openapi.json', { config: { open: true } }, async (_request, reply) =>
    reply.type('application/json').serializer(String).send(document),
  )
  // What a person sees who opens the address.
  app.get('/', { config: { open: true } }, async (_request, reply) => reply.redirect('/docs/'))
  await app.register(async (docs) => {
    docs.addHook('onRoute', (routeOptions) => {
      routeOptions.config = { ...routeOptions.config, open: true }
    })
    docs.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', policy)
    })
    await docs.register(scalar, {
      routePrefix: '/docs',
      configuration: {
        url: '/api/openapi.json',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
      },
    })
  })
}
