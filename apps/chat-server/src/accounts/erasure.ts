import { eraseMe } from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { changeAs } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { unlessTaken } from '@parley/core/http/taken'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import type { RefreshCookie } from './cookie.ts'
import type { Proves } from './proof.ts'
import { eraseAccount } from './queries.ts'

/** The end of an account, by its own will. */
export function erasure(
  app: FastifyInstance,
  { pool }: Server,
  proves: Proves,
  cookie: RefreshCookie,
): void {
  route(app, eraseMe, async ({ principal: { userId }, by, body: { password }, request, reply }) => {
    if (!(await proves(userId, password, { request, reply }))) return refuse('wrong_password')
    await unlessTaken(
      changeAs(pool, by, async (db) => {
        if (!(await eraseAccount(db, userId))) refuse('last_owner')
        await audit(db, by, { action: 'account.erased', target: { kind: 'user', id: userId } })
      }),
      { users_last_admin: 'last_admin' },
    )
    cookie.clear(reply)
    return null
  })
}
