import { eraseMe, getMe, updateMe } from '@parley/contract'
import { changeAs } from '@parley/core/db/change'
import { nameFrom } from '@parley/core/http/name'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { unlessTaken } from '@parley/core/http/taken'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import type { refreshCookie } from './cookie.ts'
import { eraseAccount, findMe, findPassword, renameUser } from './queries.ts'
import { accountTaken } from './taken.ts'

/** What a person does with their own account. */
export function me(
  app: FastifyInstance,
  { passwords, pool }: Server,
  cookie: ReturnType<typeof refreshCookie>,
): void {
  route(
    app,
    getMe,
    async ({ principal }) => (await findMe(pool, principal.userId)) ?? refuse('not_signed_in'),
  )

  route(app, eraseMe, async ({ principal: { userId }, body: { password }, reply }) => {
    const { password_hash } = (await findPassword(pool, userId)) ?? refuse('not_signed_in')
    if (!(await passwords.verify(password_hash, password))) return refuse('wrong_password')
    if (!(await changeAs(pool, userId, (db) => eraseAccount(db, userId)))) refuse('last_owner')
    cookie.clear(reply)
    return null
  })

  route(app, updateMe, async ({ principal, body: { username } }) => {
    if (username !== undefined) {
      const { userId } = principal
      const name = nameFrom('/body/username', username)
      await unlessTaken(
        changeAs(pool, userId, (db) => renameUser(db, userId, name)),
        accountTaken,
      )
    }
    return (await findMe(pool, principal.userId)) ?? refuse('not_signed_in')
  })
}
