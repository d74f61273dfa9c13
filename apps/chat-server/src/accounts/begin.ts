import type { Me } from '@parley/contract'
import { type AuditEntry, audit } from '@parley/core/audit/audit'
import { type Actor, changeAs } from '@parley/core/db/change'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Server } from '../server.ts'
import type { Admission } from './admission.ts'
import type { RefreshCookie } from './cookie.ts'
import { deviceOf } from './device.ts'
import { beginSession, byProviderSince, endSession } from './sessions.ts'
import type { TokenFor } from './token.ts'

interface Asked {
  by: Actor
  request: FastifyRequest
  reply: FastifyReply
}

interface Opening {
  detail?: AuditEntry['detail']
  /** When they proved it at the OpenID provider, in seconds since 1970, where they did it there. */
  provedAt?: number
}

/** Begins a session of somebody who has proved who they are, and sets its cookie; gives its id. */
export type Open = (user: Me, asked: Asked, opening?: Opening) => Promise<number>

export const opener =
  ({ pool }: Server, cookie: RefreshCookie): Open =>
  async (user, { by, request, reply }, { detail = {}, provedAt } = {}) => {
    const actor = { ...by, userId: user.id }
    const { sessionId, refreshToken } = await changeAs(pool, actor, async (db) => {
      // A browser has one session: the one before, perhaps put there by somebody else, ends.
      const replaced = cookie.replaced(request)
      if (replaced !== undefined) await endSession(db, replaced)
      const begun = await beginSession(db, user.id, deviceOf(request))
      if (provedAt !== undefined) await byProviderSince(db, begun.sessionId, provedAt)
      const target = { kind: 'session', id: begun.sessionId } as const
      await audit(db, actor, { action: 'session.begun', target, detail })
      return begun
    })
    cookie.set(reply, refreshToken)
    return sessionId
  }

/** Signs somebody in who has proved who they are: a session, its cookie, and a token. */
export type Begin = (user: Me, asked: Asked) => Promise<{ token: string; user: Me }>

export const beginner =
  (tokenFor: TokenFor, open: Open, signIns: Admission): Begin =>
  async (user, asked) => {
    const sessionId = await open(user, asked)
    signIns.remember(asked.request, asked.reply, user.email)
    return { token: await tokenFor(user.id, sessionId), user }
  }
