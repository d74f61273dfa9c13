import { changePassword, confirmMe } from '@parley/contract'
import { changeAs } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { confirmSession } from '@parley/core/tokens/confirmation'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { endAllSessions, findMe, findPassword, setPassword } from './queries.ts'
import type { Begin } from './begin.ts'

/** Proving once more who one is, and the change that asks for it. */
export function password(app: FastifyInstance, { config, passwords, pool }: Server, begin: Begin) {
  route(app, confirmMe, async ({ principal, body }) => {
    const known = (await findPassword(pool, principal.userId)) ?? refuse('not_signed_in')
    if (!(await passwords.verify(known.password_hash, body.password))) refuse('wrong_password')
    if ((await confirmSession(pool, principal)) === 0) refuse('not_signed_in')
    return null
  })

  route(app, changePassword, async ({ principal: { userId }, body, request, reply }) => {
    if (Array.from(body.password).length < config.passwordMinLength) refuse('weak_password')
    const hash = await passwords.hash(body.password)
    await changeAs(pool, userId, async (db) => {
      await setPassword(db, userId, hash)
      await endAllSessions(db, userId, 'password changed')
    })
    const user = (await findMe(pool, userId)) ?? refuse('not_signed_in')
    return begin(user, request, reply)
  })
}
