import { listSessions, revokeOtherSessions, revokeSession } from '@parley/contract'
import { changeAs } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { endOtherSessions, endSessionById, liveSessions } from './queries.ts'

/** Where somebody is signed in, and no longer wants to be. */
export function devices(app: FastifyInstance, { pool }: Server): void {
  route(app, listSessions, async ({ principal: { userId, sessionId } }) => {
    const rows = await liveSessions(pool, userId)
    return { sessions: rows.map((session) => ({ ...session, current: session.id === sessionId })) }
  })

  route(app, revokeSession, async ({ principal: { userId }, by, params: { session_id: id } }) => {
    const ended = await changeAs(pool, by, (db) => endSessionById(db, userId, id))
    if (ended === 0) refuse('not_found')
    return null
  })

  route(app, revokeOtherSessions, async ({ principal: { userId, sessionId }, by }) => {
    await changeAs(pool, by, (db) =>
      endOtherSessions(db, userId, sessionId, 'signed out elsewhere'),
    )
    return null
  })
}
