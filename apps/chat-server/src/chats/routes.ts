import { deleteChat, getChat, listChats } from '@parley/contract'
import { authorizeChat } from '@parley/core/access/authorize'
import { rank } from '@parley/core/access/rank'
import { changeAs } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { create } from './create.ts'
import { members } from './members.ts'
import { online } from './online.ts'
import { chatsOf, findChat, lock, publicChannels, removeChat } from './queries.ts'
import { update } from './update.ts'

export function chats(app: FastifyInstance, server: Server): void {
  const { pool } = server

  route(app, listChats, async ({ principal: { userId }, query }) => {
    const {
      workspace_id: workspaceId = null,
      public: browse = false,
      after = 0,
      limit = 50,
    } = query
    const list = browse ? publicChannels : chatsOf
    const found = await list(pool, userId, { workspaceId, after, limit: limit + 1 })
    return { chats: found.slice(0, limit), has_more: found.length > limit }
  })

  route(app, getChat, async ({ principal: { userId }, params: { id } }) => {
    return (await findChat(pool, userId, id)) ?? refuse('not_found')
  })

  route(app, deleteChat, async ({ principal: { userId }, by, params: { id } }) => {
    await changeAs(pool, by, async (db) => {
      await lock(db, id)
      const chat = await authorizeChat(db, userId, id)
      const { is_general } = (await findChat(db, userId, id)) ?? refuse('not_found')
      if (chat.type === 'single' || is_general) refuse('fixed_chat')
      // Its owner, or who moderates the workspace.
      if (chat.role !== 'owner' && rank(chat.workspace_role) < rank('admin')) refuse('forbidden')
      await removeChat(db, id)
    })
    return null
  })

  create(app, server)
  update(app, server)
  members(app, server)
  online(app, server)
}
