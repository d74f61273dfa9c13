import type { Chat, User } from '@parley/contract'
import { chatName, isChannel, otherIn } from '../chats/chat-name.ts'
import { rowState } from '../chats/row-state.ts'
import { type Entry, fold } from './rank.ts'

export type Found = Entry &
  (
    | { kind: 'chat'; chat: Chat; workspace: string | undefined }
    | { kind: 'person'; user: User }
    | { kind: 'command'; run(): void }
  )

export interface Sources {
  me: number
  chats: readonly Chat[]
  users: Iterable<User>
  workspaceName(id: number): string | undefined
  nameOf(id: number): string
  /** Ids of chats, the last opened one first. */
  recent: readonly number[]
  commands: readonly { name: string; run(): void }[]
  compare(a: string, b: string): number
}

const entry = (name: string): Entry => ({ name, folded: fold(name) })

/** Mentions before unread before what was opened lately before the rest. */
function weights({ chats, recent }: Sources): Map<number, number> {
  const places = new Map(recent.map((id, place) => [id, place]))
  return new Map(
    chats.map((chat) => {
      const { shows } = rowState(chat)
      if (shows !== 'nothing') return [chat.id, shows === 'count' ? -2 : -1]
      return [chat.id, places.get(chat.id) ?? recent.length]
    }),
  )
}

/**
 * What can be found, best first where nothing else decides: chats, people without a chat of their
 * own, commands. It is put in order once, so that a key only looks through it.
 */
export function entriesOf(sources: Sources): Found[] {
  const { me, nameOf, compare } = sources
  const weight = weights(sources)
  const met = new Set([me, ...sources.chats.map((chat) => otherIn(chat, me))])
  const chats = sources.chats
    .map((chat): Found & { kind: 'chat' } => ({
      ...entry(chatName(chat, me, nameOf)),
      kind: 'chat',
      chat,
      workspace: chat.workspace_id === null ? undefined : sources.workspaceName(chat.workspace_id),
    }))
    .toSorted(
      (a, b) =>
        (weight.get(a.chat.id) ?? 0) - (weight.get(b.chat.id) ?? 0) || compare(a.name, b.name),
    )
  const people = [...sources.users]
    .filter(({ id }) => !met.has(id))
    .map((user): Found => ({ ...entry(user.username), kind: 'person', user }))
    .toSorted((a, b) => compare(a.name, b.name))
  const commands = sources.commands.map(({ name, run }): Found => ({
    ...entry(name),
    kind: 'command',
    run,
  }))
  return [...chats, ...people, ...commands]
}

const isPerson = (one: Found): boolean =>
  one.kind === 'person' || (one.kind === 'chat' && !isChannel(one.chat))

/** `#` limits to channels, `@` to people, `>` to commands. Without a limit all of them are searched. */
export function limited(
  entries: readonly Found[],
  query: string,
): { among: Found[]; text: string } {
  const text = query.trimStart()
  const [limit, rest] = [text.slice(0, 1), text.slice(1)]
  if (limit === '#')
    return {
      among: entries.filter((one) => one.kind === 'chat' && isChannel(one.chat)),
      text: rest,
    }
  if (limit === '@') return { among: entries.filter(isPerson), text: rest }
  if (limit === '>') return { among: entries.filter(({ kind }) => kind === 'command'), text: rest }
  // Nothing typed: what is unread and what was opened lately, which are chats.
  return {
    among: text === '' ? entries.filter(({ kind }) => kind === 'chat') : [...entries],
    text,
  }
}
