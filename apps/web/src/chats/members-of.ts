import type { Event, Member, Role } from '@parley/contract'
import { client } from '../app/client.ts'
import { chatChange, type MemberChange, workspaceChange } from './member-list.ts'

/** Whose members they are, a chat's or a workspace's, and what can be done with them. */
export interface MembersOf {
  /** The members behind an id, in order. */
  page(after: number | undefined): Promise<{ members: Member[]; has_more: boolean }>
  setRole(user_id: number, role: Role): Promise<unknown>
  remove(user_id: number): Promise<unknown>
  change(event: Event): MemberChange | undefined
}

const query = (after: number | undefined) => ({
  limit: 100,
  ...(after === undefined ? {} : { after }),
})

export const membersOfChat = (id: number): MembersOf => ({
  page: (after) => client.listChatMembers({ params: { id }, query: query(after) }),
  setRole: (user_id, role) => client.putChatMember({ params: { id, user_id }, body: { role } }),
  remove: (user_id) => client.removeChatMember({ params: { id, user_id } }),
  change: (event) => chatChange(event, id),
})

export const membersOfWorkspace = (id: number): MembersOf => ({
  page: (after) => client.listWorkspaceMembers({ params: { id }, query: query(after) }),
  setRole: (user_id, role) =>
    client.updateWorkspaceMember({ params: { id, user_id }, body: { role } }),
  remove: (user_id) => client.removeWorkspaceMember({ params: { id, user_id } }),
  change: (event) => workspaceChange(event, id),
})
