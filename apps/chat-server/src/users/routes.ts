import { listUsers } from '@parley/contract'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { presence } from './presence.ts'
import { findUsers } from './queries.ts'

export function users(app: FastifyInstance, server: Server): void {
  const { pool } = server
  route(app, listUsers, async ({ principal, query: { limit = 50, ...rest } }) => ({
    users: await findUsers(pool, principal.userId, { ...rest, limit: rest.ids?.length ?? limit }),
  }))
  presence(app, server)
}
