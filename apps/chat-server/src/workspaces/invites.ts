import { randomBytes } from 'node:crypto'
import {
  type Role,
  acceptInvite,
  createInvite,
  listInvites,
  previewInvite,
  revokeInvite,
} from '@parley/contract'
import { authorizeWorkspace } from '@parley/core/access/authorize'
import { joinByInvite } from '@parley/core/access/invite'
import { rank } from '@parley/core/access/rank'
import { audit } from '@parley/core/audit/audit'
import { changeAs } from '@parley/core/db/change'
import type { Db } from '@parley/core/db/connection'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { secondFactorDue } from '@parley/core/second-factor/required'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import {
  findInvite,
  findWorkspace,
  insertInvite,
  liveInvites,
  revokeInvite as revoke,
} from './queries.ts'

/** A week, in seconds. */
const usualLife = 7 * 24 * 3600

async function authorizeInviter(db: Db, userId: number, workspaceId: number): Promise<Role> {
  const { role } = await authorizeWorkspace(db, userId, workspaceId)
  if (rank(role) < rank('admin')) refuse('forbidden')
  return role
}

export function invites(app: FastifyInstance, { pool }: Server): void {
  route(app, createInvite, async ({ principal: { userId }, by, params: { id }, body }) => {
    const {
      role = 'member',
      expires_in_seconds: seconds = usualLife,
      max_uses: maxUses = null,
    } = body
    const own = await authorizeInviter(pool, userId, id)
    if (role === 'admin' && own !== 'owner') refuse('forbidden')
    const code = randomBytes(16).toString('base64url')
    return changeAs(pool, by, async (db) => {
      const detail = { role, max_uses: maxUses }
      await audit(db, by, { action: 'invite.created', workspaceId: id, detail })
      return insertInvite(db, { code, workspaceId: id, role, seconds, maxUses, userId })
    })
  })

  route(app, listInvites, async ({ principal: { userId }, params: { id } }) => {
    await authorizeInviter(pool, userId, id)
    return { invites: await liveInvites(pool, id) }
  })

  route(app, revokeInvite, async ({ principal: { userId }, by, params: { id, code } }) => {
    await authorizeInviter(pool, userId, id)
    await changeAs(pool, by, async (db) => {
      if ((await revoke(db, id, code)) === 0) refuse('not_found')
      await audit(db, by, { action: 'invite.revoked', workspaceId: id })
    })
    return null
  })

  route(app, previewInvite, async ({ params: { code } }) => {
    const invite = (await findInvite(pool, code)) ?? refuse('not_found')
    if (!invite.live) refuse('invite_gone')
    return { workspace: { id: invite.id, name: invite.name, member_count: invite.member_count } }
  })

  route(app, acceptInvite, async ({ principal: { userId, sessionId }, by, params: { code } }) => {
    const id = await changeAs(pool, by, async (db) => {
      const joined = await joinByInvite(db, userId, code)
      if (await secondFactorDue(db, sessionId)) refuse('second_factor_due')
      return joined
    })
    return (await findWorkspace(pool, userId, id)) ?? refuse('not_found')
  })
}
