import type { Workspace } from '@parley/contract'
import type { Draft, Handlers } from './draft.ts'
import { forgetStrangers } from './people.ts'

function change(draft: Draft, id: number, changes: Partial<Workspace>): void {
  const workspace = draft.workspaces.get(id)
  if (workspace) draft.workspaces.set(id, { ...workspace, ...changes })
}

function leave(draft: Draft, id: number): void {
  draft.workspaces.delete(id)
  draft.topics.delete(`workspace:${id}`)
  forgetStrangers(draft)
}

/** Their chats have events of their own. */
export const workspaceHandlers: Handlers<
  | 'AddToWorkspace'
  | 'RemoveFromWorkspace'
  | 'WorkspaceUpdated'
  | 'WorkspaceDeleted'
  | 'WorkspaceMemberJoined'
  | 'WorkspaceMemberLeft'
  | 'WorkspaceMemberUpdated'
> = {
  AddToWorkspace(draft, { workspace, last_seq }) {
    draft.workspaces.set(workspace.id, workspace)
    draft.topics.set(`workspace:${workspace.id}`, last_seq)
  },
  RemoveFromWorkspace: (draft, { workspace_id }) => leave(draft, workspace_id),
  WorkspaceDeleted: (draft, { workspace_id }) => leave(draft, workspace_id),
  WorkspaceUpdated: (draft, { workspace_id, name, join_policy, icon_id }) =>
    change(draft, workspace_id, { name, join_policy, icon_id }),
  WorkspaceMemberJoined: (draft, { workspace_id, member_count }) =>
    change(draft, workspace_id, { member_count }),
  WorkspaceMemberLeft: (draft, { workspace_id, member_count }) =>
    change(draft, workspace_id, { member_count }),
  WorkspaceMemberUpdated(draft, { workspace_id, user_id, role }) {
    if (user_id === draft.me.id) change(draft, workspace_id, { role })
  },
}
