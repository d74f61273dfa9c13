import {
  deleteMessage,
  editMessage,
  getMessage,
  moveReadMarker,
  sendMessage,
} from '@parley/contract'
import { authorizeChat, authorizeMember } from '@parley/core/access/authorize'
import { moderates } from '@parley/core/access/rank'
import { changeAs } from '@parley/core/db/change'
import { createGroupedWriter } from '@parley/core/db/grouped-writer'
import { refuse, refuseField } from '@parley/core/http/problem'
import { reply as answer, route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { list } from './list.ts'
import { mentionedNames } from './mentions.ts'
import * as queries from './queries.ts'

export function messages(app: FastifyInstance, server: Server): void {
  const { config, pool } = server

  const send = createGroupedWriter<queries.Send, queries.Sent>({
    write: (sends, lockTimeoutMs) => queries.sendMessages(pool, sends, lockTimeoutMs),
    keyOf: ({ chatId }) => chatId,
    sizeOf: ({ content }) => content.length * 3 + 100,
  })
  const mark = createGroupedWriter<queries.Mark, string>({
    write: (marks, lockTimeoutMs) => queries.moveReadMarkers(pool, marks, lockTimeoutMs),
    keyOf: ({ userId }) => userId,
    sizeOf: () => 24,
  })

  const checkLength = (content: string) => {
    if (
      content.length > config.messageMaxLength &&
      Array.from(content).length > config.messageMaxLength
    ) {
      refuseField(
        '/body/content',
        'maxLength',
        `must not have more than ${config.messageMaxLength} characters`,
      )
    }
  }

  /** Whoever the writer found not to be a member: hidden, or only not joined. */
  const refuseStranger = async (userId: number, chatId: number): Promise<never> => {
    await authorizeMember(pool, userId, chatId)
    // They joined between the two looks; asking again will do.
    return refuse('unavailable', { retryAfterSeconds: 1 })
  }

  route(app, sendMessage, async ({ principal, params, body, reply }) => {
    checkLength(body.content)
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

  route(app, editMessage, async ({ principal: { userId }, params: { id, message_id }, body }) => {
    checkLength(body.content)
    const mentions = mentionedNames(body.content)
    return changeAs(pool, userId, async (db) => {
      const chat = await authorizeChat(db, userId, id)
      const reading = { chat, userId }
      const message = (await queries.findMessage(db, reading, message_id)) ?? refuse('not_found')
      if (chat.role === null) refuse('not_a_member')
      if (message.deleted_at !== null) refuse('not_found')
      if (message.sender_id !== userId) refuse('forbidden')
      await queries.editMessage(db, message_id, body.content, mentions)
      return (await queries.findMessage(db, reading, message_id)) ?? refuse('not_found')
    })
  })

  route(app, deleteMessage, async ({ principal: { userId }, params: { id, message_id } }) => {
    await changeAs(pool, userId, async (db) => {
      const chat = await authorizeChat(db, userId, id)
      const message =
        (await queries.findMessage(db, { chat, userId }, message_id)) ?? refuse('not_found')
      if (chat.role === null && !moderates(chat)) refuse('not_a_member')
      if (message.deleted_at !== null) refuse('not_found')
      if (message.sender_id !== userId && !moderates(chat)) refuse('forbidden')
      await queries.deleteMessage(db, message_id)
    })
    return null
  })

  route(app, moveReadMarker, async ({ principal: { userId }, params: { id }, body: { seq } }) => {
    const outcome = await mark({ chatId: id, userId, seq })
    if (outcome === 'not_member') return refuseStranger(userId, id)
    if (outcome === 'beyond') return refuse('beyond_end')
    return null
  })

  list(app, server)
}
