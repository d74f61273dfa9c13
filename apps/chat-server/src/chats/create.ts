import { type Input, createChat } from '@parley/contract'
import { authorizeWorkspace } from '@parley/core/access/authorize'
import { changeAs } from '@parley/core/db/change'
import type { Db } from '@parley/core/db/connection'
import { nameFrom } from '@parley/core/http/name'
import { refuse } from '@parley/core/http/problem'
import { reply, route } from '@parley/core/http/route'
import { unlessTaken } from '@parley/core/http/taken'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { acquainted, inWorkspace, onlyWorkspace } from './people.ts'
import { findChat, insertChat, lock, openSingle } from './queries.ts'
import { nameTaken } from './rules.ts'

type Wish = Input<typeof createChat>['body']

export function create(app: FastifyInstance, { config, pool }: Server): void {
  async function open(db: Db, userId: number, wish: Wish): Promise<{ id: number; isNew: boolean }> {
    if (wish.type === 'single') {
      const known = wish.user_id !== userId && (await acquainted(db, userId, [wish.user_id])) === 1
      return known ? openSingle(db, userId, wish.user_id) : refuse('not_found')
    }
    const others = (wish.user_ids ?? []).filter((id) => id !== userId)
    const id =
      wish.type === 'group'
        ? await openGroup(db, userId, wish, others)
        : await openChannel(db, userId, wish, others)
    return { id, isNew: true }
  }

  async function openGroup(
    db: Db,
    userId: number,
    { name, history = 'all' }: Extract<Wish, { type: 'group' }>,
    others: number[],
  ): Promise<number> {
    if (others.length === 0 || others.length >= config.groupMaxMembers) refuse('group_too_large')
    if ((await acquainted(db, userId, others)) !== others.length) refuse('not_found')
    const chat = {
      workspaceId: null,
      name: name === undefined ? null : nameFrom('/body/name', name),
      description: null,
      history,
    }
    return insertChat(db, userId, { ...chat, type: 'group' }, others)
  }

  async function openChannel(
    db: Db,
    userId: number,
    wish: Extract<Wish, { type: 'private_channel' | 'public_channel' }>,
    others: number[],
  ): Promise<number> {
    const workspaceId =
      wish.workspace_id ?? (await onlyWorkspace(db, userId)) ?? refuse('workspace_required')
    // The workspace stays, and they stay in it, until they are in the channel.
    await lock(db, workspaceId, [userId, ...others])
    await authorizeWorkspace(db, userId, workspaceId)
    if ((await inWorkspace(db, workspaceId, others)) !== others.length) refuse('unknown_user')
    const chat = {
      type: wish.type,
      workspaceId,
      name: nameFrom('/body/name', wish.name),
      description: wish.description ?? null,
      history: 'history' in wish ? (wish.history ?? 'all') : 'all',
    }
    return unlessTaken(insertChat(db, userId, chat, others), nameTaken)
  }

  route(app, createChat, async ({ principal: { userId }, by, body }) => {
    const { id, isNew } = await changeAs(pool, by, (db) => open(db, userId, body))
    const chat = (await findChat(pool, userId, id)) ?? refuse('not_found')
    return reply<typeof createChat>(isNew ? 201 : 200, chat)
  })
}
