import { getWorkspaceSecondFactorRule, setWorkspaceSecondFactorRule } from '@parley/contract'
import { authorizeWorkspace } from '@parley/core/access/authorize'
import { audit } from '@parley/core/audit/audit'
import { changeAs } from '@parley/core/db/change'
import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { secondFactorDue } from '@parley/core/second-factor/required'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'

const findRule = (db: Db, id: number) =>
  db.maybe(sql<{ required: boolean }>`
    select requires_second_factor as required from workspaces where id = ${id} and deleted_at is null`)

/** Locks all whose sessions may end by it, in the order in which everybody locks, before the workspace's row. */
const lockForRule = (db: Db, id: number) =>
  db.run(sql<{ lock_topics: unknown }>`
    select lock_topics(array(
      select ${id}::bigint
      union select user_id from workspace_members where workspace_id = ${id} and left_seq is null))`)

/** A trigger ends the sessions of members who have none. */
const setRule = (db: Db, id: number, required: boolean) =>
  db.run(sql`
    update workspaces set requires_second_factor = ${required}
    where id = ${id} and requires_second_factor <> ${required}`)

async function authorizeOwner(db: Db, userId: number, id: number): Promise<void> {
  const { role } = await authorizeWorkspace(db, userId, id)
  if (role !== 'owner') refuse('forbidden')
}

/** Whether a workspace asks for a second factor of its members. */
export function secondFactorRule(app: FastifyInstance, { pool }: Server): void {
  route(app, getWorkspaceSecondFactorRule, async ({ principal: { userId }, params: { id } }) => {
    await authorizeOwner(pool, userId, id)
    return (await findRule(pool, id)) ?? refuse('not_found')
  })

  route(
    app,
    setWorkspaceSecondFactorRule,
    ({ principal, by, params: { id }, body: { required } }) =>
      changeAs(pool, by, async (db) => {
        await authorizeOwner(db, principal.userId, id)
        await lockForRule(db, id)
        await authorizeOwner(db, principal.userId, id)
        if ((await setRule(db, id, required)) > 0) {
          // Nobody shuts themselves out by it.
          if (await secondFactorDue(db, principal.sessionId)) refuse('second_factor_missing')
          const action = `second_factor_rule.${required ? 'added' : 'removed'}` as const
          await audit(db, by, { action, workspaceId: id })
        }
        return { required }
      }),
  )
}
