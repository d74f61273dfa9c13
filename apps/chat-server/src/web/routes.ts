import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import files from '@fastify/static'
import { setupWaits } from '@parley/core/access/setup'
import { errorCode } from '@parley/core/start-error'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Server } from '../server.ts'
import { policyFor } from './policy.ts'

/** Addresses that lead into the client: it shows the place by itself. */
const places = [
  '/',
  '/signin',
  '/signup',
  '/reset',
  '/i/*',
  '/w/*',
  '/settings',
  '/settings/*',
  '/admin',
  '/admin/*',
]

const open = { config: { open: true } } as const
const forEver = 'public, max-age=31536000, immutable'
const forAnHour = 'public, max-age=3600'

/**
 * The web client at `/`, as it was built. Where it was not, `/` leads to the pages of the API: what
 * a person sees who opens the address.
 */
export async function web(app: FastifyInstance, { config, log, pool }: Server): Promise<void> {
  const page = await readFile(join(config.webDir, 'index.html'), 'utf8').catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error
    return undefined
  })
  if (page === undefined) {
    log.warn('the web client is not built')
    app.get('/', open, async (_request, reply) => reply.redirect('/docs/'))
    return
  }
  const policy = policyFor(page, config.eventsUrl, config.filesOrigin)
  const show = (reply: FastifyReply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('content-security-policy', policy)
      .send(page)
  for (const place of places) app.get(place, open, async (_request, reply) => show(reply))
  // There is such a place only while a link to it waits for somebody. Whoever comes later reads why.
  app.get('/setup', open, async (_request, reply) =>
    show((await setupWaits(pool)) ? reply : reply.code(404)),
  )
  await app.register(async (assets) => {
    assets.addHook('onRoute', (route) => {
      route.config = { ...route.config, open: true }
    })
    await assets.register(files, {
      root: config.webDir,
      // A route for each file that there is now: all others stay the API's `not_found`.
      wildcard: false,
      // What the build leaves beside what it is for, and what came there by mistake, is nobody's.
      globIgnore: ['index.html', '**/.*', '**/.*/**', '**/*.map', '**/*.{br,gz}'],
      // What the build wrote beside a file, to those who say that they can read it.
      preCompressed: true,
      index: false,
      cacheControl: false,
      setHeaders(reply, path) {
        // A name with a hash in it is always the same file.
        void reply.header('cache-control', path.includes('/assets/') ? forEver : forAnHour)
      },
    })
  })
}
