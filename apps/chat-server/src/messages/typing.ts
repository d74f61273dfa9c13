import { sendTyping } from '@parley/contract'
import { authorizeMember } from '@parley/core/access/authorize'
import { typingThrottle } from '@parley/core/ephemeral/throttle'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'

/** Who writes is told to the notify-servers, if they listen, and kept nowhere. */
export function typing(app: FastifyInstance, { pool, presence }: Server): void {
  const due = typingThrottle(() => performance.now())

  route(app, sendTyping, async ({ principal: { userId }, params: { id } }) => {
    await authorizeMember(pool, userId, id)
    const key = `${userId}:${id}`
    if (due(key)) presence.tell({ kind: 'typing', chat_id: id, user_id: userId }, `typing:${key}`)
    return null
  })
}
