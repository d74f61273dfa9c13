import { eraseMe } from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { changeAs } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { unlessTaken } from '@parley/core/http/taken'
import { recentlyConfirmed } from '@parley/core/tokens/confirmation'
import type { Principal } from '@parley/core/tokens/principal'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import type { RefreshCookie } from './cookie.ts'
import type { Proves } from './proof.ts'
import { eraseAccount, hasPassword } from './queries.ts'

type Asked = Parameters<Proves>[2]

/** The end of an account, by its own will. */
export function erasure(
  app: FastifyInstance,
  { pool }: Server,
  proves: Proves,
  cookie: RefreshCookie,
): void {
  /** By their password; who has none has proved it lately by what they sign in with. */
  async function confirm(principal: Principal, password: string | undefined, asked: Asked) {
    if (password !== undefined) {
      if (!(await proves(principal.userId, password, asked))) refuse('wrong_password')
    } else {
      if (await hasPassword(pool, principal.userId)) refuse('wrong_password')
      if (!(await recentlyConfirmed(pool, principal))) refuse('confirmation_required')
    }
  }

  route(app, eraseMe, async ({ principal, by, body: { password }, request, reply }) => {
    const { userId } = principal
    await confirm(principal, password, { request, reply })
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
