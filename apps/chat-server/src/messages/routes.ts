import { getMessage, moveReadMarker, sendMessage } from '@parley/contract'
import { authorizeChat, authorizeMember } from '@parley/core/access/authorize'
import { createGroupedWriter } from '@parley/core/db/grouped-writer'
import { refuse } from '@parley/core/http/problem'
import { reply as answer, route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { change } from './change.ts'
import { checkLength } from './length.ts'
import { list } from './list.ts'
import { mentionedNames } from './mentions.ts'
import * as queries from './queries.ts'
import { typing } from './typing.ts'

export function messages(app: FastifyInstance, server: Server): void {
  const { config, pool, watchWriter } = server

  const send = createGroupedWriter<queries.Send, queries.Sent>({
    write: (sends, lockTimeoutMs) => queries.sendMessages(pool, sends, lockTimeoutMs),
    keyOf: ({ chatId }) => chatId,
    sizeOf: ({ content }) => content.length * 3 + 100,
    watch: watchWriter('messages'),
  })
  const mark = createGroupedWriter<queries.Mark, string>({
    write: (marks, lockTimeoutMs) => queries.moveReadMarkers(pool, marks, lockTimeoutMs),
    keyOf: ({ userId }) => userId,
    sizeOf: () => 24,
    watch: watchWriter('read_markers'),
  })

  /** Whoever the writer found not to be a member: hidden, or only not joined. */
  const refuseStranger = async (userId: number, chatId: number): Promise<never> => {
    await authorizeMember(pool, userId, chatId)
    // They joined between the two looks; asking again will do.
    return refuse('unavailable', { retryAfterSeconds: 1 })
  }

  route(app, sendMessage, async ({ principal, params, body, reply }) => {
    checkLength(config, body.content)
    const { outcome, message, cursor } = await send({
      chatId: params.id,
      senderId: principal.userId,
      content: body.content,
      nonce: body.nonce ?? null,
      replyTo: body.reply_to ?? null,
      mentions: mentionedNames(body.content),
    })
    if (outcome === 'not_member') return refuseStranger(principal.userId, params.id)
    if (outcome === 'no_reply') return refuse('unknown_reply')
    reply.header('x-event-cursor', cursor)
    return answer<typeof sendMessage>(outcome === 'created' ? 201 : 200, message)
  })

  route(app, getMessage, async ({ principal: { userId }, params: { id, message_id } }) => {
    const chat = await authorizeChat(pool, userId, id)
    return (await queries.findMessage(pool, { chat, userId }, message_id)) ?? refuse('not_found')
  })

  route(app, moveReadMarker, async ({ principal: { userId }, params: { id }, body: { seq } }) => {
    const outcome = await mark({ chatId: id, userId, seq })
    if (outcome === 'not_member') return refuseStranger(userId, id)
    if (outcome === 'beyond') return refuse('beyond_end')
    return null
  })

  list(app, server)
  change(app, server)
  typing(app, server)
}
