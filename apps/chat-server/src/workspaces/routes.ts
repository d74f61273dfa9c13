import {
  type Workspace,
  createWorkspace,
  deleteWorkspace,
  getWorkspace,
  joinWorkspace,
  listWorkspaces,
  updateWorkspace,
} from '@parley/contract'
import { authorizeWorkspace } from '@parley/core/access/authorize'
import { rank } from '@parley/core/access/rank'
import { changeAs } from '@parley/core/db/change'
import type { Db } from '@parley/core/db/connection'
import { nameFrom } from '@parley/core/http/name'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { unlessTaken } from '@parley/core/http/taken'
import { secondFactorDue } from '@parley/core/second-factor/required'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { invites } from './invites.ts'
import { members } from './members.ts'
import {
  findWorkspace,
  found,
  joinOpen,
  lockMembers,
  lockWhole,
  openWorkspaces,
  remove,
  setIcon,
  update,
  workspacesOf,
} from './queries.ts'
import { secondFactorRule } from './second-factor-rule.ts'

const nameTaken = { workspaces_name: 'workspace_name_taken' } as const

/** A workspace for whoever may change it: its owners and admins. */
async function authorizeChange(db: Db, userId: number, id: number): Promise<Workspace> {
  const workspace = (await findWorkspace(db, userId, id)) ?? refuse('not_found')
  const { role } = await authorizeWorkspace(db, userId, id)
  if (rank(role) < rank('admin')) refuse('forbidden')
  return workspace
}

export function workspaces(app: FastifyInstance, server: Server): void {
  const { pool, pictures } = server

  route(app, createWorkspace, async ({ principal: { userId }, by, body }) => {
    const { name, join_policy = 'invite' } = body
    const id = await changeAs(pool, by, (db) =>
      unlessTaken(found(db, userId, nameFrom('/body/name', name), join_policy), nameTaken),
    )
    return (await findWorkspace(pool, userId, id)) ?? refuse('not_found')
  })

  route(app, listWorkspaces, async ({ principal: { userId } }) => ({
    workspaces: await workspacesOf(pool, userId),
    open: await openWorkspaces(pool, userId),
  }))

  route(app, getWorkspace, async ({ principal: { userId }, params: { id } }) => {
    await authorizeWorkspace(pool, userId, id)
    return (await findWorkspace(pool, userId, id)) ?? refuse('not_found')
  })

  route(app, updateWorkspace, async ({ principal: { userId }, by, params: { id }, body }) => {
    const { icon_id: fileId } = body
    const before = await authorizeChange(pool, userId, id)
    // Whoever asks for the one that there is has not got the answer.
    const newIcon = fileId !== undefined && fileId !== before.icon_id
    const adopt =
      newIcon && fileId !== null
        ? await pictures.prepare({ userId, fileId, use: 'icon' })
        : undefined
    await changeAs(pool, by, async (db) => {
      // The topic before the row, as whoever joins takes them.
      await lockMembers(db, id)
      await authorizeChange(db, userId, id)
      await adopt?.(db)
      if (newIcon) await setIcon(db, id, fileId)
      const name = body.name === undefined ? null : nameFrom('/body/name', body.name)
      const change = { name, joinPolicy: body.join_policy ?? null }
      await unlessTaken(update(db, id, change), nameTaken)
    })
    return (await findWorkspace(pool, userId, id)) ?? refuse('not_found')
  })

  route(app, deleteWorkspace, async ({ principal: { userId }, by, params: { id } }) => {
    await changeAs(pool, by, async (db) => {
      // Nobody joins, and no channel is opened, behind the end.
      await lockWhole(db, id)
      const { role } = await authorizeWorkspace(db, userId, id)
      if (role !== 'owner') refuse('forbidden')
      await remove(db, id)
    })
    return null
  })

  route(app, joinWorkspace, async ({ principal: { userId, sessionId }, by, params: { id } }) => {
    await changeAs(pool, by, async (db) => {
      await joinOpen(db, userId, id)
      if (await secondFactorDue(db, sessionId)) refuse('second_factor_due')
    })
    return (await findWorkspace(pool, userId, id)) ?? refuse('not_found')
  })

  secondFactorRule(app, server)
  members(app, server)
  invites(app, server)
}
