import { finished } from 'node:stream'
import { type DataExport, Id, getExport, object, requestExport } from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { changeAs } from '@parley/core/db/change'
import { networkOf } from '@parley/core/http/network'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { textValidator } from '@parley/core/http/validate'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Server } from '../server.ts'
import { createAddresses } from './address.ts'
import { archiveOf } from './archive.ts'
import { entriesOf } from './entries.ts'
import * as queries from './queries.ts'

/** How long a client may take nothing of it, in milliseconds. */
const slowestReading = 60_000

const Query = object({
  e: Type.Integer({ minimum: 0 }),
  i: Id,
  s: Type.String({ minLength: 43, maxLength: 43 }),
})

/** Everything of oneself: asked for once a day, and made while it is fetched. */
export function exports(app: FastifyInstance, server: Server): void {
  const { pool, addressKeys, clock, log, storage } = server
  const addresses = createAddresses(addressKeys, clock)
  const params = textValidator(object({ id: Id }), '/params')
  const query = textValidator(Query, '/query')
  /** Whose is on its way: one each. */
  const sending = new Set<number>()

  type Found = NonNullable<Awaited<ReturnType<typeof queries.find>>>
  const told = ({ session_id, ...times }: Found, userId: number, asks: number): DataExport => ({
    ...times,
    url: session_id === asks ? addresses.sign({ userId, sessionId: asks }) : null,
  })

  route(app, requestExport, async ({ principal: { userId, sessionId }, by }) => {
    const target = { kind: 'user', id: userId } as const
    const isNew = await changeAs(pool, by, async (db) => {
      if (!(await queries.request(db, userId, sessionId))) return false
      await audit(db, by, { action: 'export.requested', target })
      return true
    })
    const found = (await queries.find(pool, userId)) ?? refuse('rate_limited')
    if (isNew) return told(found, userId, sessionId)
    const seconds = Math.ceil((Date.parse(found.expires_at) - clock.now()) / 1000)
    return refuse('rate_limited', { retryAfterSeconds: Math.max(1, seconds) })
  })

  route(app, getExport, async ({ principal: { userId, sessionId } }) => {
    const found = await queries.find(pool, userId)
    return { export: found ? told(found, userId, sessionId) : null }
  })

  app.route({
    method: ['GET', 'HEAD'],
    url: '/exports/:id',
    exposeHeadRoute: false,
    config: { open: true, limits: ['strangers'] },
    // What waits for a slow line is not what is slow here.
    onSend: async (_request, reply) => void reply.raw.setTimeout(slowestReading),
    handler: async (request, reply) => {
      const { id: userId } = params(request.params)
      const { e, i: sessionId, s } = query(request.query)
      const isOpen = () => queries.isOpen(pool, userId, sessionId)
      if (!addresses.isGood({ userId, sessionId }, e, s) || !(await isOpen()))
        return refuse('not_found')
      const wholly = request.method === 'GET'
      if (wholly && sending.has(userId)) refuse('rate_limited', { retryAfterSeconds: 60 })
      const name = `parley-${new Date(clock.now()).toISOString().slice(0, 10)}.zip`
      reply.headers({
        'cache-control': 'no-store',
        'content-disposition': `attachment; filename="${name}"`,
        'content-type': 'application/zip',
        'referrer-policy': 'no-referrer',
      })
      if (!wholly) return reply.send()
      sending.add(userId)
      // Also where that was before: whoever asked may have gone meanwhile.
      finished(reply.raw, () => sending.delete(userId))
      const by = { userId, sessionId, network: networkOf(request.ip), requestId: request.id }
      await audit(pool, by, { action: 'export.fetched', target: { kind: 'user', id: userId } })
      const check = async (): Promise<void> => {
        if (!(await isOpen())) throw new Error('the export ended while it was fetched')
      }
      const archive = archiveOf(entriesOf({ pool, storage, log, check }, userId))
      archive.once('error', (error) => log.warn({ err: error }, 'an export broke off'))
      return reply.send(archive)
    },
  })
}
