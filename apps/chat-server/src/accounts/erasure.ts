import { eraseMe } from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { changeAs } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import type { RefreshCookie } from './cookie.ts'
import { eraseAccount, findPassword } from './queries.ts'

/** The end of an account, by its own will. */
export function erasure(
  app: FastifyInstance,
  { passwords, pool }: Server,
  cookie: RefreshCookie,
): void {
  route(app, eraseMe, async ({ principal: { userId }, by, body: { password }, reply }) => {
    const { password_hash } = (await findPassword(pool, userId)) ?? refuse('not_signed_in')
    if (!(await passwords.verify(password_hash, password))) return refuse('wrong_password')
    await changeAs(pool, by, async (db) => {
      if (!(await eraseAccount(db, userId))) refuse('last_owner')
      await audit(db, by, { action: 'account.erased', target: { kind: 'user', id: userId } })
    })
    cookie.clear(reply)
    return null
  })
}
