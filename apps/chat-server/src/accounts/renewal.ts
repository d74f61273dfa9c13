import { refresh, signOut } from '@parley/contract'
import { changeAs } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import type { Admission } from './admission.ts'
import type { RefreshCookie } from './cookie.ts'
import { findMe } from './queries.ts'
import { endSession, rotateSession } from './sessions.ts'
import type { TokenFor } from './token.ts'

/** What the refresh token is for: going on with a session, and ending it. */
export function renewal(
  app: FastifyInstance,
  { masterKey, pool }: Server,
  signIns: Admission,
  { cookie, tokenFor }: { cookie: RefreshCookie; tokenFor: TokenFor },
): void {
  route(app, refresh, async ({ body, by, request, reply }) => {
    const brought = cookie.read(request, body.refresh_token)
    const renewed =
      brought === undefined ? undefined : await rotateSession(pool, masterKey, by, brought)
    const user = renewed && (await findMe(pool, renewed.userId))
    if (!renewed || !user) return refuse('invalid_refresh_token')
    cookie.set(reply, renewed.refreshToken)
    // Also where the session is older than this cookie.
    signIns.remember(request, reply, user.email)
    return { token: await tokenFor(user.id, renewed.sessionId), user }
  })

  route(app, signOut, async ({ body, by, request, reply }) => {
    const token = cookie.read(request, body.refresh_token)
    if (token !== undefined) await changeAs(pool, by, (db) => endSession(db, token))
    cookie.clear(reply)
    return null
  })
}
