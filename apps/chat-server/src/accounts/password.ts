import { changePassword, confirmMe } from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { changeAs } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { queueMail } from '@parley/core/mail/queue'
import { checkPassword } from '@parley/core/passwords/policy'
import { confirmSession } from '@parley/core/tokens/confirmation'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { endAllSessions, findMe, setPassword } from './queries.ts'
import type { Begin } from './begin.ts'
import type { Proves } from './proof.ts'

/** Proving once more who one is, and the change that asks for it. */
export function password(
  app: FastifyInstance,
  { config, masterKey, passwords, pool, post }: Server,
  { begin, proves }: { begin: Begin; proves: Proves },
) {
  route(app, confirmMe, async ({ principal, by, body, request, reply }) => {
    const target = { kind: 'session', id: principal.sessionId } as const
    if (!(await proves(principal.userId, body.password, { request, reply }))) {
      await audit(pool, by, { action: 'session.confirm_refused', target })
      refuse('wrong_password')
    }
    await changeAs(pool, by, async (db) => {
      if ((await confirmSession(db, principal)) === 0) refuse('not_signed_in')
      await audit(db, by, { action: 'session.confirmed', target })
    })
    return null
  })

  route(app, changePassword, async ({ principal: { userId }, by, body, request, reply }) => {
    const { username, email } = (await findMe(pool, userId)) ?? refuse('not_signed_in')
    const fault = await checkPassword(body.password, config, [username, email])
    if (fault) refuse(fault)
    const hash = await passwords.hash(body.password)
    await changeAs(pool, by, async (db) => {
      await setPassword(db, userId, hash)
      await endAllSessions(db, userId, 'password changed')
      await audit(db, by, { action: 'password.changed', target: { kind: 'user', id: userId } })
    })
    const user = (await findMe(pool, userId)) ?? refuse('not_signed_in')
    if (post) {
      await queueMail(pool, masterKey, { kind: 'password_changed', email: user.email })
      post.wake()
    }
    return begin(user, { by, request, reply })
  })
}
