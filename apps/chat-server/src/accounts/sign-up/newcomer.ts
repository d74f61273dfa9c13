import type { Me, Workspace } from '@parley/contract'
import { joinByInvite, requireInvite } from '@parley/core/access/invite'
import { audit } from '@parley/core/audit/audit'
import type { Db } from '@parley/core/db/connection'
import type { Actor } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import { findWorkspace, foundOrJoin, insertUser, isNameFree } from '../queries.ts'

/** Who wants an account, and where they want to be then. */
export interface Newcomer {
  username: string
  email: string
  passwordHash: string
  workspace?: string | undefined
  invite?: string | undefined
}

/** Makes the account, and founds or joins the workspace; where that cannot be, nothing of it stays. */
export async function makeAccount(
  db: Db,
  by: Actor,
  { username, email, passwordHash, workspace, invite }: Newcomer,
): Promise<{ user: Me; workspace?: Workspace }> {
  const user = await insertUser(db, username, email, passwordHash)
  const target = { kind: 'user', id: user.id } as const
  await audit(db, { ...by, userId: user.id }, { action: 'account.created', target })
  if (invite === undefined && workspace === undefined) return { user }
  const workspaceId =
    invite === undefined
      ? await foundOrJoin(db, user.id, workspace ?? '')
      : await joinByInvite(db, user.id, invite, workspace)
  if (workspaceId === undefined) return refuse('workspace_name_taken')
  return { user, workspace: await findWorkspace(db, user.id, workspaceId) }
}

/** Refuses what cannot be joined or founded now, before somebody has gone to their mailbox for it. */
export async function requirePlace(
  db: Db,
  { workspace, invite }: Pick<Newcomer, 'workspace' | 'invite'>,
): Promise<void> {
  if (invite !== undefined) return requireInvite(db, invite, workspace)
  if (workspace !== undefined && !(await isNameFree(db, workspace))) refuse('workspace_name_taken')
}
