import { type Entry, administered, forbidden, inWorkspace, own } from '../entry.ts'

/** Second factors, of which administrators have one: last, as those go without it from then on. */
export const factors = {
  getSecondFactorRule: [administered({ expected: '200' })],
  // Required of all, it would end what the other entries ask by.
  setSecondFactorRule: [
    administered({ expected: '200', wish: () => ({ body: { required: false } }) }),
  ],
  getWorkspaceSecondFactorRule: [inWorkspace({ owner: '200', member: forbidden })],
  setWorkspaceSecondFactorRule: [
    inWorkspace({
      owner: '200',
      member: forbidden,
      wish: () => ({ body: { required: false } }),
    }),
  ],
  getSecondFactors: [own({ expected: '200' })],
  beginTotp: [own({ expected: '201', but: { administrator: '409 second_factor_exists' } })],
  confirmTotp: [own({ expected: '403 wrong_code', wish: () => ({ body: { code: '000000' } }) })],
  renewRecoveryCodes: [own({ expected: '409 no_second_factor', but: { administrator: '201' } })],
  removeTotp: [own({ expected: '204' })],
} satisfies Record<string, readonly Entry[]>
