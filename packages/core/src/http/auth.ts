import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Endpoint } from '@parley/contract'
import { bearer } from '../tokens/bearer.ts'
import type { Principal } from '../tokens/principal.ts'
import type { Revocations } from '../tokens/revocations.ts'
import type { Verifier } from '../tokens/verify.ts'
import type { Limiter } from './limits.ts'
import { refuse } from './problem.ts'

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | undefined
  }
  interface FastifyContextConfig {
    endpoint?: Endpoint
    /** Serves no endpoint of the contract: documents, health. */
    open?: true
  }
}

/**
 * Asks every request for its access token, except where the contract says `none`, and counts it: for the
 * person of the token where it is good, else for where it comes from.
 */
export function requireTokens(
  app: FastifyInstance,
  verifier: Verifier,
  revocations: Revocations,
  limiter: Limiter,
): void {
  app.decorateRequest('principal', undefined)
  app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    const { endpoint, open } = request.routeOptions.config
    if (!open && endpoint?.auth !== 'none' && !request.is404) {
      const token = bearer(request.raw.rawHeaders)
      const principal = token === undefined ? undefined : await verifier.verify(token)
      if (principal === undefined || (await revocations.revoked(principal))) {
        limiter.stranger(request, reply)
        return refuse('not_signed_in')
      }
      request.principal = principal
    }
    limiter.request(request, reply)
  })
}
