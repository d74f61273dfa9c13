import { createHash } from 'node:crypto'
import { requestReset, resetPassword } from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { changeAs } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { queueMail } from '@parley/core/mail/queue'
import { checkPassword } from '@parley/core/passwords/policy'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import type { Admission } from './admission.ts'
import { endAllSessions, findReset, setPassword, takeReset } from './queries.ts'

/** A new password for whoever has lost theirs, by a link to their address. */
export function recovery(app: FastifyInstance, server: Server, signIns: Admission): void {
  const { config, masterKey, pool, passwords, post } = server
  // Whose address it is, is looked up later: nothing about the answer depends on it, not even its time.
  route(app, requestReset, async ({ body: { email } }) => {
    if (!post) return refuse('no_mail')
    await queueMail(pool, masterKey, { kind: 'reset', email })
    post.wake()
    return {}
  })

  route(app, resetPassword, async ({ body: { token, password }, by }) => {
    const digest = createHash('sha256').update(token).digest()
    const { username, email } = (await findReset(pool, digest)) ?? refuse('reset_gone')
    const fault = await checkPassword(password, config, [username, email])
    if (fault) refuse(fault)
    const hash = await passwords.hash(password)
    await changeAs(pool, by, async (db) => {
      const person = (await takeReset(db, digest)) ?? refuse('reset_gone')
      await setPassword(db, person.id, hash)
      await endAllSessions(db, person.id, 'password reset')
      await signIns.forgive(db, person.email)
      await audit(db, by, { action: 'password.reset', target: { kind: 'user', id: person.id } })
      if (post) await queueMail(db, masterKey, { kind: 'password_changed', email: person.email })
    })
    post?.wake()
    return null
  })
}
