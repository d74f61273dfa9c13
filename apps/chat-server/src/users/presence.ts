import {
  type MyPresence,
  type Presence,
  getMyPresence,
  listPresences,
  setMyPresence,
} from '@parley/contract'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import * as queries from './queries.ts'

/** Whether people are there: by what the notify-servers say, and by their own wish not to be disturbed. */
export function presence(app: FastifyInstance, server: Server): void {
  const { pool } = server

  function presenceOf(userId: number, dnd: boolean): Presence {
    const activity = server.presence.activity(userId)
    if (activity === undefined) return 'offline'
    return dnd ? 'dnd' : activity
  }

  async function mine(userId: number): Promise<MyPresence> {
    const own = (await queries.findDnd(pool, userId)) ?? refuse('not_signed_in')
    return { presence: presenceOf(userId, own.dnd), ...own }
  }

  route(app, listPresences, async ({ principal: { userId }, query: { ids } }) => {
    const known = await queries.findUsers(pool, userId, { ids, limit: ids.length })
    const undisturbed = await queries.undisturbed(
      pool,
      known.map(({ id }) => id),
    )
    const dnd = new Set(undisturbed.map(({ id }) => id))
    return {
      presences: known.map(({ id }) => ({ user_id: id, presence: presenceOf(id, dnd.has(id)) })),
    }
  })

  route(app, getMyPresence, ({ principal: { userId } }) => mine(userId))

  route(app, setMyPresence, async ({ principal: { userId, sessionId }, body }) => {
    const { away, dnd, dnd_minutes = null } = body
    if (dnd !== undefined) {
      await queries.setDnd(pool, userId, dnd, dnd_minutes)
      server.presence.tell({ kind: 'dnd', user_id: userId }, `dnd:${userId}`)
    }
    if (away !== undefined) {
      const note = { kind: 'device', user_id: userId, session_id: sessionId, away } as const
      server.presence.tell(note, `device:${sessionId}`)
    }
    return mine(userId)
  })
}
