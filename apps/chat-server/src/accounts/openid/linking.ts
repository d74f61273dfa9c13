import { confirmByOpenid, getSignInWays, linkOpenid, unlinkOpenid } from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { changeAs } from '@parley/core/db/change'
import { refuse, refuseField } from '@parley/core/http/problem'
import { tellOwner } from '@parley/core/mail/way-changed'
import { route } from '@parley/core/http/route'
import type { Principal } from '@parley/core/tokens/principal'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Server } from '../../server.ts'
import { lockAccount } from '../queries.ts'
import { requireWay, waysOf } from '../ways.ts'
import type { Flow } from './flow.ts'
import { placeIn } from './place.ts'
import { reasonOf } from './outcome.ts'
import type { Provider } from './provider.ts'
import { deleteLink, linkedAt } from './queries.ts'
import type { SetOut } from './set-out.ts'

/** What somebody who is signed in does with the provider. */
export function linking(
  app: FastifyInstance,
  server: Server,
  provider: Provider | undefined,
  setOut: SetOut,
): void {
  const { config, log, pool } = server
  const linked = async (userId: number) =>
    provider && (await linkedAt(pool, userId, provider.issuer))

  const isLinked = async (userId: number) => (await linked(userId)) !== undefined

  async function begin(
    flow: Pick<Flow, 'purpose' | 'to'>,
    { userId, sessionId }: Principal,
    reply: FastifyReply,
  ) {
    const known = provider ?? refuse('no_openid')
    const to =
      placeIn(flow.to, config.publicUrl) ??
      refuseField('/body/to', 'pattern', 'must be a path of the client')
    try {
      return await setOut(known, { ...flow, to, userId, sessionId }, reply)
    } catch (error) {
      log.warn(reasonOf(error), 'the OpenID provider does not answer')
      return refuse('unavailable', { retryAfterSeconds: 5 })
    }
  }

  route(app, getSignInWays, ({ principal: { userId } }) => waysOf(pool, userId, config))

  route(app, linkOpenid, async ({ principal, body: { to }, reply }) => {
    if (await isLinked(principal.userId)) refuse('openid_linked')
    return { url: await begin({ purpose: 'link', to }, principal, reply) }
  })

  route(app, confirmByOpenid, async ({ principal, body: { to }, reply }) => {
    if (provider && !(await isLinked(principal.userId))) refuse('not_found')
    return { url: await begin({ purpose: 'confirm', to }, principal, reply) }
  })

  route(app, unlinkOpenid, async ({ principal: { userId }, by }) => {
    const { issuer } = provider ?? refuse('not_found')
    await changeAs(pool, by, async (db) => {
      await lockAccount(db, userId)
      if ((await deleteLink(db, userId, issuer)) === 0) refuse('not_found')
      await requireWay(db, userId, config)
      await audit(db, by, { action: 'openid.unlinked', target: { kind: 'user', id: userId } })
      await tellOwner(db, server, userId, 'openid_unlinked')
    })
    return null
  })
}
