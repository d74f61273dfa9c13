import {
  type DndSchedule,
  type MyPresence,
  type Presence,
  getMyPresence,
  listPresences,
  setMyPresence,
} from '@parley/contract'
import { refuse, refuseField } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import * as dnds from './dnd.ts'
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
    const own = (await dnds.findDnd(pool, userId)) ?? refuse('not_signed_in')
    const dnd_schedule = (await dnds.findSchedule(pool, userId)) ?? null
    return { presence: presenceOf(userId, own.dnd), ...own, dnd_schedule }
  }

  async function keep(userId: number, schedule: DndSchedule | null): Promise<unknown> {
    if (schedule === null) return dnds.removeSchedule(pool, userId)
    const { from_time, to_time, time_zone } = schedule
    if (from_time === to_time)
      refuseField('/body/dnd_schedule/to_time', 'not_same', 'must be another time than from_time')
    if (!(await dnds.isTimeZone(pool, time_zone)))
      refuseField(
        '/body/dnd_schedule/time_zone',
        'time_zone',
        'must be a time zone, as Europe/Berlin',
      )
    return dnds.setSchedule(pool, userId, schedule)
  }

  route(app, listPresences, async ({ principal: { userId }, query: { ids } }) => {
    const known = await queries.findUsers(pool, userId, { ids, limit: ids.length })
    const undisturbed = await dnds.undisturbed(
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
    const { away, dnd, dnd_minutes = null, dnd_schedule } = body
    if (dnd_schedule !== undefined) await keep(userId, dnd_schedule)
    if (dnd !== undefined) await dnds.setDnd(pool, userId, dnd, dnd_minutes)
    if (dnd !== undefined || dnd_schedule !== undefined) {
      server.presence.tell({ kind: 'dnd', user_id: userId }, `dnd:${userId}`)
    }
    if (away !== undefined) {
      const note = { kind: 'device', user_id: userId, session_id: sessionId, away } as const
      server.presence.tell(note, `device:${sessionId}`)
    }
    return mine(userId)
  })
}
