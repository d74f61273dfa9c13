import { type Chat, type Input, updateChat as endpoint } from '@parley/contract'
import { type VisibleChat, authorizeChat } from '@parley/core/access/authorize'
import { moderates } from '@parley/core/access/rank'
import { changeAs } from '@parley/core/db/change'
import type { Db } from '@parley/core/db/connection'
import { nameFrom } from '@parley/core/http/name'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { unlessTaken } from '@parley/core/http/taken'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import {
  addMembers,
  findChat,
  lock,
  markedBefore,
  removeMembers,
  setNotification,
  updateChat,
} from './queries.ts'
import { mayAdd, mayDescribe, mayRemove, nameTaken } from './rules.ts'

type Patch = Input<typeof endpoint>['body']

export function update(app: FastifyInstance, { config, pool }: Server): void {
  route(app, endpoint, async ({ principal: { userId }, by, params: { id }, body }) => {
    const { add_user_ids: add = [], remove_user_ids: remove = [], notification } = body
    return changeAs(pool, by, async (db) => {
      // One's own setting is told on one's own topic.
      const own = notification === undefined ? [] : [userId]
      // So are markers that move with what newcomers see.
      const behind = body.history === 'since_join' ? await markedBefore(db, id) : []
      await lock(db, id, [...add, ...remove, ...own, ...behind])
      const chat = await authorizeChat(db, userId, id)
      const now = (await findChat(db, userId, id)) ?? refuse('not_found')
      await describe(db, chat, now, body)
      if (add.length > 0) {
        await mayAdd(db, config, userId, chat, add)
        await addMembers(db, id, add)
      }
      if (notification !== undefined) {
        if (chat.role === null) refuse('not_a_member')
        await setNotification(db, id, userId, notification)
      }
      const seen = (await findChat(db, userId, id)) ?? refuse('not_found')
      if (remove.length === 0) return seen
      await mayRemove(db, userId, chat, remove)
      await removeMembers(db, id, remove)
      // Whoever removed themselves from a private chat saw it for the last time.
      return (await findChat(db, userId, id)) ?? seen
    })
  })
}

async function describe(db: Db, chat: VisibleChat, now: Chat, patch: Patch): Promise<void> {
  const { name, description, type, history } = patch
  if ([name, description, type, history].every((value) => value === undefined)) return
  if (chat.role === null && !moderates(chat)) refuse('not_a_member')
  mayDescribe(chat)
  if (type !== undefined && (chat.type === 'group' || now.is_general)) refuse('fixed_chat')
  const newType = type ?? chat.type
  // A moderator from outside would not see the answer, and nobody at all a channel without members.
  if (newType === 'private_channel' && chat.role === null) refuse('not_a_member')
  // Everybody may read a public channel from its first line.
  if (history === 'since_join' && newType === 'public_channel') refuse('fixed_chat')
  if (history !== undefined && chat.type === 'group' && chat.role !== 'owner') refuse('forbidden')
  await unlessTaken(
    updateChat(db, chat.id, {
      name: name === undefined ? now.name : nameFrom('/body/name', name),
      description: description === undefined ? now.description : description,
      type: newType,
      history: newType === 'public_channel' ? 'all' : (history ?? now.history),
    }),
    nameTaken,
  )
}
