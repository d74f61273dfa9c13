import type { Me } from '@parley/contract'
import { issueToken } from '@parley/core/tokens/issue'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Server } from '../server.ts'
import type { RefreshCookie } from './cookie.ts'
import { deviceOf } from './device.ts'
import { beginSession, endSession } from './sessions.ts'

/** Signs somebody in who has proved who they are: a session, its cookie, and a token. */
export type Begin = (
  user: Me,
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<{ token: string; user: Me }>

export const beginner =
  ({ clock, config, pool, signing }: Server, cookie: RefreshCookie): Begin =>
  async (user, request, reply) => {
    // A browser has one session: the one before, perhaps put there by somebody else, ends.
    const replaced = cookie.replaced(request)
    if (replaced !== undefined) await endSession(pool, replaced)
    const { sessionId, refreshToken } = await beginSession(pool, user.id, deviceOf(request))
    cookie.set(reply, refreshToken)
    return { token: await issueToken(signing, config.publicUrl, user.id, sessionId, clock), user }
  }
