import {
  type AuditEntry,
  type FullAuditEntry,
  listAudit,
  listWorkspaceAudit,
} from '@parley/contract'
import { authorizeWorkspace } from '@parley/core/access/authorize'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { entriesOf, entriesOfWorkspace, namesOf, workspaceNames } from './entries.ts'
import { pageOf } from './page.ts'

/** Everybody whom entries name. */
const people = (entries: readonly AuditEntry[]): number[] => {
  const ids = entries.flatMap(({ actor_id, target_kind, target_id, detail }) => [
    actor_id,
    target_kind === 'user' ? target_id : null,
    detail.sender_id,
    ...(detail.user_ids ?? []),
  ])
  return [...new Set(ids.filter((id): id is number => typeof id === 'number'))]
}

const places = (entries: readonly FullAuditEntry[]): number[] => [
  ...new Set(entries.flatMap(({ workspace_id: id }) => (id === null ? [] : [id]))),
]

/** What was done that matters for security: all of it for administrators, else of one's own workspace. */
export function auditLog(app: FastifyInstance, { pool }: Server): void {
  route(app, listAudit, async ({ query: { limit = 50, ...query } }) => {
    const found = await entriesOf(pool, { ...query, limit: limit + 1 })
    const { rows: entries, has_more } = pageOf(found, limit)
    const users = await namesOf(pool, people(entries))
    return { entries, users, workspaces: await workspaceNames(pool, places(entries)), has_more }
  })

  route(app, listWorkspaceAudit, async ({ principal: { userId }, params: { id }, query }) => {
    const { role } = await authorizeWorkspace(pool, userId, id)
    if (role !== 'owner') refuse('forbidden')
    const { limit = 50, ...rest } = query
    const wanted = { ...rest, workspace_id: id, limit: limit + 1 }
    const { rows: entries, has_more } = pageOf(
      await entriesOfWorkspace(pool, userId, wanted),
      limit,
    )
    return { entries, users: await namesOf(pool, people(entries)), has_more }
  })
}
