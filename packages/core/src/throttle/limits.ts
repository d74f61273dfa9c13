import { type Endpoint, endpoints } from '@parley/contract'

type By = 'person' | 'address' | 'account and address' | 'instance'

/** One limit, as docs/operations.md lists it. */
interface Limit {
  what: string
  /** What is counted each by itself; `instance` is all together. */
  by: By
  /** How much may come at once. */
  burst: number
  /** How much of that comes back. */
  perMinute: number
}

const limit = (what: string, by: By, burst: number, perMinute: number): Limit => ({
  what,
  by,
  burst,
  perMinute,
})

/**
 * All limits but the one on failures in a row of one account, which is in `failures.ts`. They are
 * wide enough for an office behind one address: what they stop is programs.
 */
export const limits = {
  sign_ins: limit('Sign-ins, right or wrong', 'address', 300, 120),
  known_sign_ins: limit('The same on devices that are known', 'address', 300, 120),
  failed_sign_ins: limit('Sign-ins with a wrong password', 'address', 50, 5),
  failed_sign_ins_of_one: limit('The same', 'account and address', 10, 1),
  failed_sign_ins_of_all: limit('The same', 'instance', 500, 60),
  sign_ups: limit('Sign-ups', 'address', 60, 2),
  sign_ups_of_all: limit('The same', 'instance', 600, 30),
  openid: limit('Sign-ins by the OpenID provider, begun and ended', 'address', 300, 120),
  refreshes: limit('Refreshed tokens, and sign-outs', 'address', 600, 600),
  resets: limit('New passwords by mail', 'address', 20, 2),
  second_factors: limit('Codes of a second factor at sign-in', 'address', 60, 12),
  passwords: limit('Passwords asked for again', 'person', 10, 1),
  messages: limit('Messages sent, edited or deleted', 'person', 60, 300),
  signs: limit('Typing, presence and read markers', 'person', 120, 600),
  creations: limit('Workspaces, chats and invites made', 'person', 60, 12),
  uploads: limit('Uploads begun', 'person', 100, 120),
  downloads: limit('Files fetched', 'person', 1000, 6000),
  tickets: limit('Tickets for the event stream', 'person', 30, 30),
  requests: limit('All other requests', 'person', 600, 3000),
  strangers: limit('Requests without a good token', 'address', 1200, 3000),
} as const

export type LimitName = keyof typeof limits

export const limitNames = Object.keys(limits).filter((name): name is LimitName => name in limits)

const groups: readonly (readonly [readonly LimitName[], readonly Endpoint[]])[] = [
  // Counted by its handler, which knows whose address it is.
  [[], [endpoints.signIn]],
  [['sign_ups', 'sign_ups_of_all'], [endpoints.signUp]],
  [['refreshes'], [endpoints.refresh, endpoints.signOut]],
  [['resets'], [endpoints.requestReset, endpoints.resetPassword]],
  [['sign_ins'], [endpoints.beginSignInByPasskey, endpoints.signInByPasskey]],
  [
    ['second_factors'],
    [endpoints.signInSecond, endpoints.beginSecondByPasskey, endpoints.signInSecondByPasskey],
  ],
  [
    ['passwords'],
    [
      endpoints.eraseMe,
      endpoints.confirmMe,
      endpoints.confirmMeByPasskey,
      endpoints.changePassword,
      endpoints.beginTotp,
      endpoints.confirmTotp,
      endpoints.removeTotp,
      endpoints.renewRecoveryCodes,
      endpoints.linkOpenid,
      endpoints.unlinkOpenid,
      endpoints.confirmByOpenid,
      endpoints.setUp,
    ],
  ],
  [['messages'], [endpoints.sendMessage, endpoints.editMessage, endpoints.deleteMessage]],
  [['signs'], [endpoints.sendTyping, endpoints.setMyPresence, endpoints.moveReadMarker]],
  [['creations'], [endpoints.createChat, endpoints.createWorkspace, endpoints.createInvite]],
  [['uploads'], [endpoints.uploadFiles]],
  [['tickets'], [endpoints.createTicket]],
]

const named = new Map(groups.flatMap(([names, of]) => of.map((one) => [one, names] as const)))
const byToken = ['requests'] as const
const byAddress = ['strangers'] as const

/** What a call of the contract takes from. Those with no limit of their own have one together. */
export const limitsOf = (endpoint: Endpoint): readonly LimitName[] =>
  named.get(endpoint) ?? (endpoint.auth === 'none' ? byAddress : byToken)
