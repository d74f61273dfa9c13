import { audit } from '@parley/core/audit/audit'
import { type Actor, changeAs } from '@parley/core/db/change'
import { violated } from '@parley/core/db/errors'
import { tellOwner } from '@parley/core/mail/way-changed'
import { confirmSession } from '@parley/core/tokens/confirmation'
import type { Server } from '../../server.ts'
import type { Open } from '../begin.ts'
import { findMe } from '../queries.ts'
import type { Flow } from './flow.ts'
import { newcomers } from './newcomer.ts'
import { Ended, type Outcome } from './outcome.ts'
import { type Identity, findLinked, insertLink, isLive } from './queries.ts'
import type { Arrived } from './return.ts'

/** What becomes of who comes back from the provider. */
export function arrivals(server: Server, open: Open) {
  const { pool } = server
  const newcomer = newcomers(server)

  async function signIn(arrived: Arrived, identity: Identity, by: Actor): Promise<Outcome> {
    const { claims, request, reply } = arrived
    const known = await findLinked(pool, identity)
    const userId = known?.id ?? (await newcomer(arrived, identity, by))
    const user = await findMe(pool, userId)
    if (!user) throw new Ended('disabled', { userId })
    // The provider may have let them pass for a sign-in of last week: that proves nothing today.
    const provedAt = claims.auth_time ?? 0
    await open(user, { by, request, reply }, { detail: { by: 'openid' }, provedAt })
    return 'done'
  }

  /** Whose session a flow began in, if it still is. */
  async function owner({ userId, sessionId }: Flow) {
    if (userId === undefined || sessionId === undefined) throw new Ended('failed')
    if (!(await isLive(pool, sessionId, userId))) throw new Ended('expired')
    return { userId, sessionId }
  }

  async function link(flow: Flow, identity: Identity, by: Actor): Promise<Outcome> {
    const mine = await owner(flow)
    const { userId } = mine
    const actor = { ...by, ...mine }
    const target = { kind: 'user', id: userId } as const
    try {
      await changeAs(pool, actor, async (db) => {
        await insertLink(db, userId, identity)
        await audit(db, actor, { action: 'openid.linked', target })
        await tellOwner(db, server, userId, 'openid_linked')
      })
    } catch (error) {
      if (violated(error)?.startsWith('openid_links_') !== true) throw error
      // Again by who has done it before, it is as they want it.
      if ((await findLinked(pool, identity))?.id === userId) return 'linked'
      throw new Ended('other')
    }
    return 'linked'
  }

  async function confirm(flow: Flow, identity: Identity, by: Actor): Promise<Outcome> {
    const mine = await owner(flow)
    const actor = { ...by, ...mine }
    const target = { kind: 'session', id: mine.sessionId } as const
    if ((await findLinked(pool, identity))?.id !== mine.userId) throw new Ended('other')
    await changeAs(pool, actor, async (db) => {
      await confirmSession(db, mine)
      await audit(db, actor, { action: 'session.confirmed', target, detail: { by: 'openid' } })
    })
    return 'confirmed'
  }

  return (arrived: Arrived, by: Actor): Promise<Outcome> => {
    const { flow, claims } = arrived
    const identity = { issuer: claims.iss, subject: claims.sub }
    switch (flow.purpose) {
      case 'sign_in':
        return signIn(arrived, identity, by)
      case 'link':
        return link(flow, identity, by)
      case 'confirm':
        return confirm(flow, identity, by)
    }
  }
}
