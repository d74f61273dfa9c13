import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Endpoint } from '@parley/contract'
import { authorizeAdmin } from '../access/administrator.ts'
import { bearer } from '../tokens/bearer.ts'
import type { Db } from '../db/connection.ts'
import { recentlyConfirmed } from '../tokens/confirmation.ts'
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

interface Doorkeepers {
  verifier: Verifier
  revocations: Revocations
  limiter: Limiter
}

/**
 * Asks every request for its access token, except where the contract says `none`, and counts it: for the
 * person of the token where it is good, else for where it comes from.
 */
export function requireTokens(
  app: FastifyInstance,
  db: Db,
  { verifier, revocations, limiter }: Doorkeepers,
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
    if (request.principal?.secondFactorDue && !endpoint?.settingUp) refuse('second_factor_due')
    if (endpoint && request.principal) await authorize(db, endpoint, request.principal)
  })
}

/** What the contract asks of the caller besides a token. */
async function authorize(db: Db, { auth, method }: Endpoint, principal: Principal): Promise<void> {
  if (auth === 'admin') await authorizeAdmin(db, principal.userId)
  const isSensitive = auth === 'confirmed' || (auth === 'admin' && method !== 'GET')
  if (isSensitive && !(await recentlyConfirmed(db, principal))) refuse('confirmation_required')
}
