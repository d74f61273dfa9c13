import type { Chat, Role } from '@parley/contract'

const ranks = { member: 1, admin: 2, owner: 3 } as const satisfies Record<Role, number>
const rank = (role: Role | null | undefined): number => (role ? ranks[role] : 0)

type Known = Pick<Chat, 'type' | 'role' | 'is_general'>

/** What the caller may do with a chat. The server decides; this is for what is offered. */
export interface Rights {
  /** Name and description. */
  describe: boolean
  /** Private or public. */
  changeType: boolean
  /** What newcomers read. */
  changeHistory: boolean
  add: boolean
  changeRoles: boolean
  leave: boolean
  destroy: boolean
  /** Whether a member of this role may be removed. */
  remove(role: Role): boolean
}

/** In a channel, the workspace's owners and admins stand as high as in the workspace. */
export function rightsIn(chat: Known, workspaceRole: Role | undefined): Rights {
  const { type, role, is_general } = chat
  const channel = type === 'public_channel' || type === 'private_channel'
  const own = channel ? Math.max(rank(role), rank(workspaceRole)) : rank(role)
  const moderates = type !== 'single' && own >= ranks.admin
  const member = role !== null && type !== 'single'
  return {
    describe: type === 'group' ? member : channel && moderates,
    changeType: channel && moderates && member && !is_general,
    changeHistory: type === 'group' ? role === 'owner' : channel && moderates && member,
    add: member || moderates,
    changeRoles: type !== 'single' && own >= ranks.owner,
    leave: member,
    destroy:
      type !== 'single' &&
      !is_general &&
      (role === 'owner' || (channel && rank(workspaceRole) >= ranks.admin)),
    remove: (other) => type !== 'single' && rank(other) < own,
  }
}

/** What a member of a workspace may do with the others. */
export const rightsOver = (own: Role | undefined): Pick<Rights, 'changeRoles' | 'remove'> => ({
  changeRoles: rank(own) >= ranks.owner,
  remove: (other) => rank(other) < rank(own) && rank(own) >= ranks.admin,
})

export const mayInvite = (role: Role | undefined): boolean => rank(role) >= ranks.admin
