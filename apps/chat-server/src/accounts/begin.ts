import type { Me } from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { type Actor, changeAs } from '@parley/core/db/change'
import { issueToken } from '@parley/core/tokens/issue'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Server } from '../server.ts'
import type { Admission } from './admission.ts'
import type { RefreshCookie } from './cookie.ts'
import { deviceOf } from './device.ts'
import { beginSession, endSession } from './sessions.ts'

interface Asked {
  by: Actor
  request: FastifyRequest
  reply: FastifyReply
}

/** Signs somebody in who has proved who they are: a session, its cookie, and a token. */
export type Begin = (user: Me, asked: Asked) => Promise<{ token: string; user: Me }>

export const beginner =
  ({ clock, config, pool, signing }: Server, cookie: RefreshCookie, signIns: Admission): Begin =>
  async (user, { by, request, reply }) => {
    const actor = { ...by, userId: user.id }
    const { sessionId, refreshToken } = await changeAs(pool, actor, async (db) => {
      // A browser has one session: the one before, perhaps put there by somebody else, ends.
      const replaced = cookie.replaced(request)
      if (replaced !== undefined) await endSession(db, replaced)
      const begun = await beginSession(db, user.id, deviceOf(request))
      const target = { kind: 'session', id: begun.sessionId } as const
      await audit(db, actor, { action: 'session.begun', target })
      return begun
    })
    cookie.set(reply, refreshToken)
    signIns.remember(request, reply, user.email)
    return {
      token: await issueToken(await signing(), config.publicUrl, user.id, sessionId, clock),
      user,
    }
  }
