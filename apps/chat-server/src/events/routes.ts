import { createHash, randomBytes } from 'node:crypto'
import { createTicket, getBootstrap, listEvents } from '@parley/contract'
import { authorizeMember } from '@parley/core/access/authorize'
import { toEvent } from '@parley/core/access/event'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { createTurns } from '@parley/core/turns'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import * as queries from './queries.ts'

/** Pages that are read at once: each may have megabytes, and the others wait without any. */
const atOnce = 4

export function events(app: FastifyInstance, { pool }: Server): void {
  const turns = createTurns(atOnce)
  route(app, listEvents, async ({ principal: { userId }, params: { id }, query }) => {
    const { after, limit = 50 } = query
    const { history } = await authorizeMember(pool, userId, id)
    return turns(userId, async () => {
      const rows = await queries.eventsAfter(pool, userId, id, after, limit + 1)
      const seen = history === 'since_join' ? await queries.intervals(pool, userId, id) : undefined
      const events = rows.slice(0, limit).map((row) => toEvent(`chat:${id}`, row, seen))
      return { events, has_more: (rows[0]?.found ?? 0) > events.length }
    })
  })

  // One snapshot for everything, so that the cursor fits what is read here exactly.
  route(app, getBootstrap, async ({ principal: { userId } }) =>
    pool.transaction(async (db) => {
      const me = (await queries.findMe(db, userId)) ?? refuse('not_signed_in')
      const cursor = await queries.cursorNow(db)
      const workspaces = await queries.workspacesOf(db, userId)
      const chats = await queries.chatsOf(db, userId)
      const people = new Set([userId, ...chats.flatMap((chat) => chat.users)])
      const users = await queries.findUsers(db, [...people])
      const ids = [userId, ...workspaces.map(({ id }) => id), ...chats.map(({ id }) => id)]
      const topics = await queries.topicsOf(db, ids)
      return { cursor, me, workspaces, chats, users, topics }
    }, 'repeatable read read only'),
  )

  route(app, createTicket, async ({ principal }) => {
    const ticket = randomBytes(32).toString('base64url')
    const hash = createHash('sha256').update(ticket).digest()
    return { ticket, ...(await queries.insertTicket(pool, hash, principal)) }
  })
}
