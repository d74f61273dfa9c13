import {
  listWorkspaceMembers,
  removeWorkspaceMember,
  updateWorkspaceMember,
} from '@parley/contract'
import { authorizeWorkspace } from '@parley/core/access/authorize'
import { rank } from '@parley/core/access/rank'
import { changeAs } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import {
  findMember,
  listMembers,
  lockMembers,
  lockMembership,
  otherOwner,
  removeMember,
  setRole,
} from './queries.ts'

export function members(app: FastifyInstance, { pool }: Server): void {
  route(app, listWorkspaceMembers, async ({ principal, params: { id }, query }) => {
    const { after = 0, limit = 50 } = query
    await authorizeWorkspace(pool, principal.userId, id)
    const found = await listMembers(pool, id, after, limit + 1)
    return { members: found.slice(0, limit), has_more: found.length > limit }
  })

  route(app, updateWorkspaceMember, async ({ principal: { userId }, by, params, body }) =>
    changeAs(pool, by, async (db) => {
      await lockMembers(db, params.id)
      const { role } = await authorizeWorkspace(db, userId, params.id)
      const member = (await findMember(db, params.id, params.user_id)) ?? refuse('not_found')
      if (role !== 'owner') refuse('forbidden')
      const demoted = member.role === 'owner' && body.role !== 'owner'
      if (demoted && !(await otherOwner(db, params.id, member.id))) refuse('last_owner')
      await setRole(db, params.id, member.id, body.role)
      return { ...member, role: body.role }
    }),
  )

  route(app, removeWorkspaceMember, async ({ principal: { userId }, by, params }) => {
    await changeAs(pool, by, async (db) => {
      await lockMembership(db, params.id, params.user_id)
      const { role } = await authorizeWorkspace(db, userId, params.id)
      const member = (await findMember(db, params.id, params.user_id)) ?? refuse('not_found')
      const leaves = member.id === userId
      // Admins remove members, owners anybody but each other: an owner steps down first.
      if (!leaves && rank(member.role) >= rank(role)) refuse('forbidden')
      if (leaves && role === 'owner' && !(await otherOwner(db, params.id, userId))) {
        refuse('last_owner')
      }
      await removeMember(db, params.id, member.id)
    })
    return null
  })
}
