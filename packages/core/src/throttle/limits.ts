import { type Endpoint, endpoints } from '@parley/contract'

/** How much may come at once, and how much comes back of it in a minute. */
interface Limit {
  /** What is counted each by itself: people, blocks of addresses, pairs, or all together. */
  by: 'person' | 'address' | 'account and address' | 'instance'
  burst: number
  perMinute: number
}

/**
 * All limits but the one on failures of one account, which is in the chat-server's `accounts`. They are
 * wide enough for an office behind one address: what they stop is programs.
 */
export const limits = {
  /** Passwords to be checked for those whose device is not known, right ones too. */
  sign_ins: { by: 'address', burst: 300, perMinute: 120 },
  /** The same for those whose device is known: what strangers do takes nothing from them. */
  known_sign_ins: { by: 'address', burst: 300, perMinute: 120 },
  failed_sign_ins: { by: 'address', burst: 50, perMinute: 5 },
  failed_sign_ins_of_one: { by: 'account and address', burst: 10, perMinute: 1 },
  failed_sign_ins_of_all: { by: 'instance', burst: 500, perMinute: 60 },
  sign_ups: { by: 'address', burst: 60, perMinute: 2 },
  sign_ups_of_all: { by: 'instance', burst: 600, perMinute: 30 },
  refreshes: { by: 'address', burst: 600, perMinute: 600 },
  passwords: { by: 'person', burst: 10, perMinute: 1 },
  messages: { by: 'person', burst: 60, perMinute: 300 },
  signs: { by: 'person', burst: 120, perMinute: 600 },
  creations: { by: 'person', burst: 60, perMinute: 12 },
  uploads: { by: 'person', burst: 100, perMinute: 120 },
  tickets: { by: 'person', burst: 30, perMinute: 30 },
  downloads: { by: 'person', burst: 1000, perMinute: 6000 },
  requests: { by: 'person', burst: 600, perMinute: 3000 },
  strangers: { by: 'address', burst: 1200, perMinute: 3000 },
} as const satisfies Record<string, Limit>

export type LimitName = keyof typeof limits

export const limitNames = Object.keys(limits).filter((name): name is LimitName => name in limits)

const groups: readonly (readonly [readonly LimitName[], readonly Endpoint[]])[] = [
  // Counted by its handler, which knows whose address it is.
  [[], [endpoints.signIn]],
  [['sign_ups', 'sign_ups_of_all'], [endpoints.signUp]],
  [['refreshes'], [endpoints.refresh, endpoints.signOut]],
  [['passwords'], [endpoints.eraseMe]],
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
  named.get(endpoint) ?? (endpoint.auth === 'access' ? byToken : byAddress)
