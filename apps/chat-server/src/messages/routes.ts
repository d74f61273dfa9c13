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

  /** Refuses whoever the writer found not to be a member: hidden, or only not joined. */
  async function asMember<T extends { outcome: string }>(
    { userId, chatId }: { userId: number; chatId: number },
    write: () => Promise<T>,
  ): Promise<T> {
    const first = await write()
    if (first.outcome !== 'not_member') return first
    await authorizeMember(pool, userId, chatId)
    // They joined between the two looks.
    const second = await write()
    if (second.outcome === 'not_member') refuse('unavailable', { retryAfterSeconds: 1 })
    return second
  }

  route(app, sendMessage, async ({ principal, params, body, reply }) => {
    checkLength(config, body.content)
    const { userId } = principal
    const chatId = params.id
    const { outcome, message, cursor } = await asMember({ userId, chatId }, () =>
      send({
        chatId,
        senderId: userId,
        content: body.content,
        nonce: body.nonce ?? null,
        replyTo: body.reply_to ?? null,
        mentions: mentionedNames(body.content),
      }),
    )
    if (outcome === 'no_reply') return refuse('unknown_reply')
    reply.header('x-event-cursor', cursor)
    return answer<typeof sendMessage>(outcome === 'created' ? 201 : 200, message)
  })

  route(app, getMessage, async ({ principal: { userId }, params: { id, message_id } }) => {
    const chat = await authorizeChat(pool, userId, id)
    return (await queries.findMessage(pool, { chat, userId }, message_id)) ?? refuse('not_found')
  })

  route(app, moveReadMarker, async ({ principal: { userId }, params, body: { seq } }) => {
    const chatId = params.id
    const { outcome } = await asMember({ userId, chatId }, async () => ({
      outcome: await mark({ chatId, userId, seq }),
    }))
    if (outcome === 'beyond') return refuse('beyond_end')
    return null
  })

  list(app, server)
  change(app, server)
}
