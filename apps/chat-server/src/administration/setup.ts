import { setUp } from '@parley/contract'
import { takeSetupToken } from '@parley/core/access/setup'
import { changeAs } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { becomeAdmin } from './accounts.ts'

/** How somebody becomes the first administrator: by the link that whoever runs the servers sees. */
export function setup(app: FastifyInstance, { pool }: Server): void {
  route(app, setUp, async ({ principal: { userId }, by, body: { token } }) =>
    changeAs(pool, by, async (db) => {
      if (!(await takeSetupToken(db, token))) refuse('not_found')
      return (await becomeAdmin(db, userId)) ?? refuse('not_signed_in')
    }),
  )
}
