import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'

/**
 * The keys that access tokens may be signed with, for whoever checks tokens by themselves: a JSON Web Key
 * Set (RFC 7517), with the next key long before it signs. Nothing in it is secret.
 */
export function published(app: FastifyInstance, { keys }: Pick<Server, 'keys'>): void {
  app.get('/.well-known/jwks.json', { config: { open: true } }, async (_request, reply) =>
    reply
      .type('application/jwk-set+json')
      .header('cache-control', 'public, max-age=300')
      .serializer(JSON.stringify)
      .send({ keys: await keys.published() }),
  )
}
