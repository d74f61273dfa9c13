import type { Actor, Cast } from './cast.ts'
import { type ChatKind, type Kind, type Place, chatKinds } from './places.ts'

/** `200`, or `403 forbidden`; `unknown` is the answer for an id that does not exist, byte for byte. */
export type Expected = string | { unknown: string }

/** What an endpoint is asked for with valid ids; those in the path come from the place by their names. */
export interface Wish {
  query?: Record<string, unknown>
  body?: unknown
  headers?: Record<string, string>
}

export type Wishing = (place: Place, cast: Cast) => Wish

/** What one call of an endpoint answers to each actor in each kind of place. */
export interface Entry {
  /** Cases of the security design that it shows besides AZ-01. */
  shows?: string
  kinds: readonly Kind[]
  /** Where the `:id` of its path leads. */
  id: 'chat' | 'workspace' | 'file' | 'ownFile'
  /** The `:user_id` of its path. */
  who: Actor
  wish: Wishing
  expected(kind: Kind, actor: Actor): Expected
}

const notSignedIn = '401 not_signed_in'
export const hidden = { unknown: '404 not_found' } as const

const signedOut = (actor: Actor): actor is 'anonymous' | 'disabled' =>
  actor === 'anonymous' || actor === 'disabled'

/** Who administers the instance is in none of its places for that. */
const outside = (actor: Actor): actor is 'stranger' | 'administrator' =>
  actor === 'stranger' || actor === 'administrator'

type PerKind = Record<ChatKind, Expected>
/** The same in each kind of chat, but for some. */
export const each = (expected: Expected, but: Partial<PerKind> = {}): PerKind => ({
  private_channel: expected,
  group: expected,
  single: expected,
  since_join: expected,
  public_channel: expected,
  ...but,
})
/** In groups of both kinds. */
export const groups = (expected: Expected): Partial<PerKind> => ({
  group: expected,
  since_join: expected,
})
export const fixed = { single: '422 fixed_chat' } as const
export const notMember = '403 not_a_member'
export const forbidden = '403 forbidden'

const nothing: Wishing = () => ({})

interface Asking {
  wish?: Wishing
  who?: Actor
  shows?: string
}

/** A visitor sees a public channel without being in it. */
interface InChat extends Asking {
  owner: Expected | PerKind
  member: Expected | PerKind
  visitor: Expected
  kinds?: readonly ChatKind[]
  id?: 'chat' | 'file'
}

const inKind = (expected: Expected | PerKind, kind: Kind): Expected =>
  typeof expected === 'object' && 'single' in expected
    ? expected[kind === 'workspace' ? 'private_channel' : kind]
    : expected

/** What is in a chat: members have it, colleagues what is public, and for all others there is nothing. */
export const inChat = ({ owner, member, visitor, ...asked }: InChat): Entry => ({
  kinds: chatKinds,
  id: 'chat',
  who: 'member',
  wish: nothing,
  ...asked,
  expected(kind, actor) {
    if (signedOut(actor)) return notSignedIn
    if (actor === 'owner' || actor === 'member') return inKind({ owner, member }[actor], kind)
    return kind === 'public_channel' && !outside(actor) ? visitor : hidden
  },
})

interface InWorkspace extends Asking {
  owner: Expected
  member: Expected
  /** Of the workspace, where the call is about the member; the same unless said. */
  colleague?: Expected
  /** From outside. */
  others?: Expected
}

/** What is in a workspace: its members have it, and for all others there is nothing. */
export const inWorkspace = (expectations: InWorkspace): Entry => {
  const { owner, member, colleague = member, others = hidden, ...asked } = expectations
  return {
    kinds: ['workspace'],
    id: 'workspace',
    who: 'member',
    wish: nothing,
    shows: 'AZ-20',
    ...asked,
    expected(_kind, actor) {
      if (signedOut(actor)) return notSignedIn
      if (outside(actor) || actor === 'removed') return others
      return { owner, member, colleague }[actor]
    },
  }
}

interface Own extends Asking {
  expected: Expected
  but?: Partial<Record<Actor, Expected>>
  id?: 'ownFile'
}

/** What everybody may ask who is signed in; what comes is another matter: see `secretsOf`. */
export const own = ({ expected, but = {}, ...asked }: Own): Entry => ({
  kinds: ['private_channel'],
  id: 'chat',
  who: 'member',
  wish: nothing,
  ...asked,
  expected: (_kind, actor) =>
    signedOut(actor)
      ? notSignedIn
      : (but[actor] ?? but[outside(actor) ? 'stranger' : actor] ?? expected),
})

interface Administered extends Asking {
  expected: Expected
}

/** What administrators of the instance may ask, and for all others there is nothing. */
export const administered = ({ expected, ...asked }: Administered): Entry => ({
  ...own({ expected, ...asked }),
  shows: 'AZ-23',
  expected(_kind, actor) {
    if (signedOut(actor)) return notSignedIn
    return actor === 'administrator' ? expected : hidden
  },
})

/** What is open to anybody. */
export const open = (expected: Expected, wish: Wishing = nothing): Entry => ({
  kinds: ['workspace'],
  id: 'workspace',
  who: 'member',
  wish,
  expected: () => expected,
})
