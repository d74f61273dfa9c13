import type { Bootstrap, Chat, Event, Me, User, Workspace } from '@parley/contract'
import { type Counting, countingOf } from './counting.ts'

/** A person, and when the event happened that told of them: of two names the later one counts. */
export interface KnownUser extends User {
  at: string
}

/**
 * What a client keeps: the bootstrap, kept up to date by `reduce`. Never changed in place, so what
 * is the same object has not changed.
 */
export interface State {
  readonly me: Me
  readonly workspaces: ReadonlyMap<number, Workspace>
  readonly chats: ReadonlyMap<number, Chat>
  readonly users: ReadonlyMap<number, KnownUser>
  /** The seq up to which the topics of users and workspaces were applied; a chat has `last_seq`. */
  readonly topics: ReadonlyMap<string, number>
  /** By chat: what its unread counts are made of. */
  readonly counting: ReadonlyMap<number, Counting>
  /** Chats whose counts the events could not tell: fetch each and `recount`. */
  readonly doubtful: ReadonlySet<number>
  /** By topic: events of what was not announced yet. */
  readonly waiting: ReadonlyMap<string, readonly Event[]>
}

const byId = <T extends { id: number }>(list: readonly T[]): Map<number, T> =>
  new Map(list.map((one) => [one.id, one]))

/** The state that a bootstrap describes. */
export function fromBootstrap(bootstrap: Bootstrap): State {
  const { me } = bootstrap
  const users = [{ id: me.id, username: me.username, avatar_id: me.avatar_id }, ...bootstrap.users]
  return {
    me,
    workspaces: byId(bootstrap.workspaces),
    chats: byId(bootstrap.chats),
    users: byId(users.map((user) => ({ ...user, at: '' }))),
    topics: new Map(bootstrap.topics.map(({ topic, last_seq }) => [topic, last_seq])),
    counting: new Map(bootstrap.chats.map((chat) => [chat.id, countingOf(chat)])),
    doubtful: new Set(),
    waiting: new Map(),
  }
}
