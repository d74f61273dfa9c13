import { password } from '../cast.ts'
import { type Entry, hidden, open, own } from '../entry.ts'
import { name, unknownFile } from './common.ts'

export const people = {
  getMe: [own({ expected: '200' })],
  updateMe: [
    own({ expected: '200', wish: () => ({ body: { avatar_id: null } }) }),
    own({
      expected: unknownFile,
      but: { owner: '422 not_a_picture' },
      wish: ({ ownFile }) => ({ body: { avatar_id: ownFile } }),
      shows: 'AZ-08',
    }),
  ],
  eraseMe: [own({ expected: '403 wrong_password', wish: () => ({ body: { password: 'wrong' } }) })],
  listSessions: [own({ expected: '200' })],
  revokeSession: [own({ expected: hidden, but: { owner: '204' } })],
  revokeOtherSessions: [own({ expected: '204' })],
  confirmMe: [
    own({ expected: '403 wrong_password', wish: () => ({ body: { password: 'wrong' } }) }),
  ],
  changePassword: [
    own({ expected: '422 weak_password', wish: () => ({ body: { password: 'short' } }) }),
  ],
  requestExport: [own({ expected: '201' })],
  getExport: [own({ expected: '200' })],
  getSignInWays: [own({ expected: '200' })],
  linkOpenid: [own({ expected: '409 no_openid', wish: () => ({ body: { to: '/' } }) })],
  unlinkOpenid: [own({ expected: hidden })],
  confirmByOpenid: [own({ expected: '409 no_openid', wish: () => ({ body: { to: '/' } }) })],
  listUsers: [
    own({ expected: '200', shows: 'AZ-11' }),
    own({ expected: '200', wish: () => ({ query: { query: '_' } }), shows: 'AZ-11' }),
    own({
      expected: '200',
      wish: (_place, cast) => ({ query: { ids: Object.values(cast).map(({ id }) => id) } }),
      shows: 'AZ-11, AZ-20',
    }),
  ],
  getMyPresence: [own({ expected: '200' })],
  setMyPresence: [own({ expected: '200', wish: () => ({ body: { away: false } }) })],
  listPresences: [
    own({
      expected: '200',
      wish: (_place, cast) => ({ query: { ids: Object.values(cast).map(({ id }) => id) } }),
      shows: 'AZ-20',
    }),
  ],
  signUp: [
    open('201', () => {
      const username = name()
      return { body: { username, email: `${username}@example.org`, password } }
    }),
  ],
  signIn: [
    open('401 invalid_credentials', () => ({ body: { email: 'no@example.org', password } })),
  ],
  signInSecond: [
    open('401 sign_in_expired', () => ({ body: { challenge: 'A'.repeat(43), code: '000000' } })),
  ],
  requestReset: [open('409 no_mail', () => ({ body: { email: 'no@example.org' } }))],
  resetPassword: [open('410 reset_gone', () => ({ body: { token: 'A'.repeat(43), password } }))],
  refresh: [open('401 invalid_refresh_token', () => ({ body: { refresh_token: 'A'.repeat(43) } }))],
  signOut: [open('204', () => ({ body: {} }))],
} satisfies Record<string, readonly Entry[]>
