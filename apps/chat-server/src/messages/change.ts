import { deleteMessage, editMessage } from '@parley/contract'
import { authorizeChat } from '@parley/core/access/authorize'
import { moderates } from '@parley/core/access/rank'
import { changeAs } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { checkLength, checkSomething } from './length.ts'
import { mentionedNames } from './mentions.ts'
import * as queries from './queries.ts'

/** The chat is locked before its members are looked at: no change gets a seq after its author's removal. */
export function change(app: FastifyInstance, { config, pool }: Server): void {
  route(
    app,
    editMessage,
    async ({ principal: { userId }, by, params: { id, message_id }, body }) => {
      checkLength(config, body.content)
      const mentions = mentionedNames(body.content)
      return changeAs(pool, by, async (db) => {
        await queries.lock(db, id)
        const chat = await authorizeChat(db, userId, id)
        const reading = { chat, userId }
        const message = (await queries.findMessage(db, reading, message_id)) ?? refuse('not_found')
        if (chat.role === null) refuse('not_a_member')
        if (message.deleted_at !== null) refuse('not_found')
        if (message.sender_id !== userId) refuse('forbidden')
        checkSomething(body.content, message.files)
        await queries.editMessage(db, message_id, body.content, mentions)
        return (await queries.findMessage(db, reading, message_id)) ?? refuse('not_found')
      })
    },
  )

  route(app, deleteMessage, async ({ principal: { userId }, by, params: { id, message_id } }) => {
    await changeAs(pool, by, async (db) => {
      await queries.lock(db, id)
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
}
