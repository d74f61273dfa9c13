import { document as describe } from '@parley/contract'
import { inlineScripts } from '@parley/core/http/inline-scripts'
import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { version } from '../version.ts'

/** Nothing on the page may come from elsewhere, nor go there. */
const policyFor = (page: string): string =>
  [
    "default-src 'none'",
    ["script-src 'self'", ...inlineScripts(page)].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
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
  await app.register(async (docs) => {
    docs.addHook('onRoute', (routeOptions) => {
      routeOptions.config = { ...routeOptions.config, open: true }
    })
    docs.addHook('onSend', async (_request, reply, payload) => {
      const isPage = String(reply.getHeader('content-type')).startsWith('text/html')
      const page = isPage && typeof payload === 'string' ? payload : ''
      reply.header('content-security-policy', policyFor(page))
    })
    await docs.register(scalar, {
      routePrefix: '/docs',
      configuration: {
        url: '/api/openapi.json',
        pageTitle: 'Parley API',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        showDeveloperTools: 'never',
        // Services of its maker, which would be asked with what readers type.
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    })
  })
}
