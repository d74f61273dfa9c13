import {
  joinChat,
  leaveChat,
  listChatMembers,
  putChatMember,
  removeChatMember,
} from '@parley/contract'
import { authorizeChat, authorizeMember } from '@parley/core/access/authorize'
import { rank, rankIn } from '@parley/core/access/rank'
import { changeAs } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import { reply, route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { findMembers, listMembers, otherOwner, setRole } from './people.ts'
import { addMembers, findChat, lock, removeMembers } from './queries.ts'
import { mayAdd, mayRemove } from './rules.ts'

export function members(app: FastifyInstance, { config, pool }: Server): void {
  route(app, joinChat, async ({ principal: { userId }, by, params: { id } }) => {
    await changeAs(pool, by, async (db) => {
      await lock(db, id, [userId])
      const chat = await authorizeChat(db, userId, id)
      if (chat.role === null) await addMembers(db, id, [userId])
    })
    return (await findChat(pool, userId, id)) ?? refuse('not_found')
  })

  route(app, leaveChat, async ({ principal: { userId }, by, params: { id } }) => {
    await changeAs(pool, by, async (db) => {
      await lock(db, id, [userId])
      const chat = await authorizeMember(db, userId, id)
      await mayRemove(db, userId, chat, [userId])
      await removeMembers(db, id, [userId])
    })
    return null
  })

  route(app, listChatMembers, async ({ principal: { userId }, params: { id }, query }) => {
    const { after = 0, limit = 50 } = query
    await authorizeChat(pool, userId, id)
    const found = await listMembers(pool, id, after, limit + 1)
    return { members: found.slice(0, limit), has_more: found.length > limit }
  })

  route(app, putChatMember, async ({ principal: { userId }, by, params: { id, user_id }, body }) =>
    changeAs(pool, by, async (db) => {
      await lock(db, id, [user_id])
      const chat = await authorizeChat(db, userId, id)
      const [known] = await findMembers(db, id, [user_id])
      if (!known) await mayAdd(db, config, userId, chat, [user_id])
      if (chat.type === 'single') refuse('fixed_chat')
      const role = body.role ?? known?.role ?? 'member'
      // Only owners make and unmake owners and admins.
      const changes = role !== (known?.role ?? 'member')
      if (changes && rankIn(chat) < rank('owner')) refuse('forbidden')
      if (!known) await addMembers(db, id, [user_id], role)
      else if (changes) {
        const demoted = known.role === 'owner' && !(await otherOwner(db, id, user_id))
        if (demoted) refuse('last_owner')
        await setRole(db, id, user_id, role)
      }
      const [member = refuse('not_found')] = await findMembers(db, id, [user_id])
      return reply<typeof putChatMember>(known ? 200 : 201, member)
    }),
  )

  route(app, removeChatMember, async ({ principal: { userId }, by, params: { id, user_id } }) => {
    await changeAs(pool, by, async (db) => {
      await lock(db, id, [user_id])
      const chat = await authorizeChat(db, userId, id)
      const [member = refuse('not_found')] = await findMembers(db, id, [user_id])
      await mayRemove(db, userId, chat, [member.id])
      await removeMembers(db, id, [member.id])
    })
    return null
  })
}
