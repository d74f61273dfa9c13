import type { Chat, Event, EventKind, EventOf, Me, Workspace } from '@parley/contract'
import type { Counting } from './counting.ts'
import type { KnownUser, State } from './state.ts'

/** A state under change: each of its maps is copied once, when it is first written to. */
export interface Draft {
  me: Me
  readonly workspaces: Table<number, Workspace>
  readonly chats: Table<number, Chat>
  readonly users: Table<number, KnownUser>
  readonly topics: Table<string, number>
  readonly counting: Table<number, Counting>
  readonly doubtful: Table<number, true>
  readonly waiting: Table<string, readonly Event[]>
}

export type Apply<K extends EventKind> = (draft: Draft, event: EventOf<K>) => void
/** What to do at each of some kinds of events. */
export type Handlers<K extends EventKind> = { readonly [Kind in K]: Apply<Kind> }

export interface Table<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V): void
  delete(key: K): void
  now(): ReadonlyMap<K, V>
}

function table<K, V>(original: ReadonlyMap<K, V>): Table<K, V> {
  let copy: Map<K, V> | undefined
  const write = () => (copy ??= new Map(original))
  const now = () => copy ?? original
  return {
    now,
    get: (key) => now().get(key),
    set(key, value) {
      if (now().get(key) !== value) write().set(key, value)
    },
    delete(key) {
      if (now().has(key)) write().delete(key)
    },
  }
}

export function openDraft(state: State): Draft {
  return {
    me: state.me,
    workspaces: table(state.workspaces),
    chats: table(state.chats),
    users: table(state.users),
    topics: table(state.topics),
    counting: table(state.counting),
    doubtful: table(new Map([...state.doubtful].map((id) => [id, true]))),
    waiting: table(state.waiting),
  }
}

/** The state that the draft became; the one before where nothing was written. */
export function closeDraft(draft: Draft, before: State): State {
  const ids = new Set(draft.doubtful.now().keys())
  const after: State = {
    me: draft.me,
    workspaces: draft.workspaces.now(),
    chats: draft.chats.now(),
    users: draft.users.now(),
    topics: draft.topics.now(),
    counting: draft.counting.now(),
    doubtful: sameIds(ids, before.doubtful) ? before.doubtful : ids,
    waiting: draft.waiting.now(),
  }
  return isSame(after, before) ? before : after
}

const sameIds = (a: ReadonlySet<number>, b: ReadonlySet<number>): boolean =>
  a.size === b.size && [...a].every((id) => b.has(id))

const isSame = (a: State, b: State): boolean =>
  a.me === b.me &&
  a.workspaces === b.workspaces &&
  a.chats === b.chats &&
  a.users === b.users &&
  a.topics === b.topics &&
  a.counting === b.counting &&
  a.doubtful === b.doubtful &&
  a.waiting === b.waiting
