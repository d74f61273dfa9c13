import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Endpoint } from '@parley/contract'
import { bearer } from '../tokens/bearer.ts'
import type { Db } from '../db/connection.ts'
import { recentlyConfirmed } from '../tokens/confirmation.ts'
import type { Principal } from '../tokens/principal.ts'
import type { Revocations } from '../tokens/revocations.ts'
import type { Verifier } from '../tokens/verify.ts'
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

/** Asks every request for its access token, except where the contract says `none`. */
export function requireTokens(
  app: FastifyInstance,
  db: Db,
  verifier: Verifier,
  revocations: Revocations,
): void {
  app.decorateRequest('principal', undefined)
  app.addHook('onRequest', async (request: FastifyRequest) => {
    const { endpoint, open } = request.routeOptions.config
    if (open || endpoint?.auth === 'none' || request.is404) return
    const token = bearer(request.raw.rawHeaders)
    const principal = token === undefined ? undefined : await verifier.verify(token)
    if (principal === undefined || (await revocations.revoked(principal))) refuse('not_signed_in')
    request.principal = principal
    if (endpoint?.auth === 'confirmed' && !(await recentlyConfirmed(db, principal)))
      refuse('confirmation_required')
  })
}
