import { type Entry, administered, forbidden, hidden, inWorkspace, own } from '../entry.ts'

export const administration = {
  setUp: [own({ expected: hidden, wish: () => ({ body: { token: 'A'.repeat(43) } }) })],
  listAccounts: [administered({ expected: '200' })],
  getAccount: [administered({ expected: '200' })],
  updateAccount: [
    administered({ expected: '200', wish: () => ({ body: { status: 'active' } }) }),
    administered({
      expected: '409 last_admin',
      who: 'administrator',
      wish: () => ({ body: { is_admin: false } }),
    }),
  ],
  // Of somebody who has none left.
  resetSecondFactor: [administered({ expected: '204', who: 'disabled' })],
  endAccountSessions: [administered({ expected: '204', who: 'disabled' })],
  listAllWorkspaces: [administered({ expected: '200' })],
  getSignUpPolicy: [administered({ expected: '200' })],
  setSignUpPolicy: [administered({ expected: '200', wish: () => ({ body: { chosen: null } }) })],
  listAudit: [administered({ expected: '200' })],
  getFigures: [administered({ expected: '200' })],
  listWorkspaceAudit: [inWorkspace({ owner: '200', member: forbidden })],
} satisfies Record<string, readonly Entry[]>
