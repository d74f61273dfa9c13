import type { FastifyInstance } from 'fastify'
import type { Logger } from '../log.ts'

/**
 * Says once that requests come by a proxy whose word is not taken: all who come by it would count as one
 * address, and meet the limits of one.
 */
export function watchProxies(app: FastifyInstance, log: Logger): void {
  let told = false
  app.addHook('onRequest', async ({ ip, raw }) => {
    if (told || raw.headers['x-forwarded-for'] === undefined) return
    if (ip !== raw.socket.remoteAddress) return
    told = true
    log.warn('X-Forwarded-For came from an address that PARLEY_TRUSTED_PROXIES does not name')
  })
}
