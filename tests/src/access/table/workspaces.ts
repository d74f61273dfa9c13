import { type Entry, forbidden, inWorkspace, open, own } from '../entry.ts'
import { name } from './common.ts'

export const workspaces = {
  createWorkspace: [own({ expected: '201', wish: () => ({ body: { name: name() } }) })],
  listWorkspaces: [own({ expected: '200' })],
  getWorkspace: [inWorkspace({ owner: '200', member: '200' })],
  updateWorkspace: [
    inWorkspace({
      owner: '200',
      member: forbidden,
      wish: () => ({ body: { name: name() } }),
    }),
  ],
  deleteWorkspace: [inWorkspace({ owner: '204', member: forbidden })],
  joinWorkspace: [inWorkspace({ owner: '200', member: '200' })],
  listWorkspaceMembers: [inWorkspace({ owner: '200', member: '200' })],
  updateWorkspaceMember: [
    inWorkspace({
      owner: '200',
      member: forbidden,
      wish: () => ({ body: { role: 'admin' } }),
    }),
  ],
  removeWorkspaceMember: [inWorkspace({ owner: '204', member: '204', colleague: forbidden })],
  createInvite: [inWorkspace({ owner: '201', member: forbidden, wish: () => ({ body: {} }) })],
  listInvites: [inWorkspace({ owner: '200', member: forbidden })],
  revokeInvite: [inWorkspace({ owner: '204', member: forbidden })],
  // Whoever holds a code has what it gives.
  previewInvite: [open('200')],
  acceptInvite: [inWorkspace({ owner: '200', member: '200', others: '200' })],
} satisfies Record<string, readonly Entry[]>
