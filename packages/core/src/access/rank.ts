import type { Role } from '@parley/contract'
import type { VisibleChat } from './authorize.ts'

const ranks = { member: 1, admin: 2, owner: 3 } as const satisfies Record<Role, number>

/** How high a role stands; 0 for none. */
export const rank = (role: Role | null): number => (role === null ? 0 : ranks[role])

/** In a channel, the workspace's owners and admins stand as high as in the workspace. */
export const rankIn = (chat: Pick<VisibleChat, 'role' | 'workspace_role'>): number =>
  Math.max(rank(chat.role), rank(chat.workspace_role))

/** Whoever moderates may delete others' messages, remove members and change the channel. */
export const moderates = (chat: VisibleChat): boolean =>
  chat.type !== 'single' && rankIn(chat) >= ranks.admin
