import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { refuse } from '../http/problem.ts'

/** An invite into the workspace of this name, where one is given; refuses where there is none. */
async function findInvite(db: Db, code: string, name: string | undefined) {
  const invite = await db.maybe(sql<{
    workspace_id: number
    role: 'admin' | 'member'
    name: string
    live: boolean
  }>`
    select i.workspace_id, i.role, w.name,
      coalesce(i.revoked_at is null and (i.expires_at is null or i.expires_at > now())
        and (i.max_uses is null or i.uses < i.max_uses), false) as live
    from workspace_invites i
    join workspaces w on w.id = i.workspace_id and w.deleted_at is null
    where i.code = ${code}`)
  if (!invite || (name !== undefined && name.toLowerCase() !== invite.name.toLowerCase())) {
    return refuse('not_found')
  }
  return invite
}

/** Refuses an invite that nobody can take now. */
export async function requireInvite(db: Db, code: string, name?: string): Promise<void> {
  if (!(await findInvite(db, code, name)).live) refuse('invite_gone')
}

/**
 * Takes one use of an invite and joins its workspace; whoever is in it already takes none. The name,
 * where given, must be that workspace's. Returns its id.
 */
export async function joinByInvite(
  db: Db,
  userId: number,
  code: string,
  name?: string,
): Promise<number> {
  const invite = await findInvite(db, code, name)
  // Joining locks what membership hangs on: of two who are one person the second finds itself in.
  const { joined } = await db.one(sql<{ joined: boolean | null }>`
    select join_workspace(${invite.workspace_id}, ${userId}, ${invite.role})::boolean as joined`)
  if (!joined) return invite.workspace_id
  const taken = await db.run(sql`
    update workspace_invites set uses = uses + 1
    where code = ${code} and revoked_at is null and (expires_at is null or expires_at > now())
      and (max_uses is null or uses < max_uses)`)
  // Undoes the joining with the transaction.
  if (taken === 0) refuse('invite_gone')
  return invite.workspace_id
}
