import { type Entry, forbidden, hidden, inWorkspace, own } from '../entry.ts'

/** To whoever does not administer the instance there is nothing, whatever they are elsewhere. */
const nothing = { expected: hidden, shows: 'AZ-23' }

export const administration = {
  setUp: [own({ ...nothing, wish: () => ({ body: { token: 'A'.repeat(43) } }) })],
  listAccounts: [own(nothing)],
  getAccount: [own(nothing)],
  updateAccount: [own({ ...nothing, wish: () => ({ body: { status: 'disabled' } }) })],
  resetSecondFactor: [own(nothing)],
  endAccountSessions: [own(nothing)],
  listAllWorkspaces: [own(nothing)],
  getSignUpPolicy: [own(nothing)],
  setSignUpPolicy: [own({ ...nothing, wish: () => ({ body: { chosen: 'open' } }) })],
  listAudit: [own(nothing)],
  getFigures: [own(nothing)],
  listWorkspaceAudit: [inWorkspace({ owner: '200', member: forbidden })],
} satisfies Record<string, readonly Entry[]>
