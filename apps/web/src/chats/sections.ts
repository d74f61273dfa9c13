import type { Chat } from '@parley/contract'
import { chatName, isChannel } from './chat-name.ts'
import { rowState } from './row-state.ts'

export interface Row {
  id: number
  name: string
}
export interface Sections {
  channels: readonly Row[]
  direct: readonly Row[]
}

export interface Reader {
  me: number
  nameOf(id: number): string
  compare(a: string, b: string): number
}

const same = (a: readonly Row[], b: readonly Row[]): boolean =>
  a.length === b.length && a.every(({ id, name }, i) => id === b[i]?.id && name === b[i].name)

/**
 * The rows of a workspace's sidebar by name: its channels, and all chats that belong to no workspace.
 * Where neither chats nor names changed since, it is the same object: most events change counts only.
 */
export function sectionsOf(
  chats: Iterable<Chat>,
  workspace: number,
  { me, nameOf, compare }: Reader,
  before?: { from: Sections; sorted: Sections },
): { from: Sections; sorted: Sections } {
  const channels: Row[] = []
  const direct: Row[] = []
  for (const chat of chats) {
    const row = { id: chat.id, name: chatName(chat, me, nameOf) }
    if (!isChannel(chat)) direct.push(row)
    else if (chat.workspace_id === workspace) channels.push(row)
  }
  if (before && same(before.from.channels, channels) && same(before.from.direct, direct))
    return before
  const sort = (rows: Row[]) => rows.toSorted((a, b) => compare(a.name, b.name) || a.id - b.id)
  return {
    from: { channels, direct },
    sorted: { channels: sort(channels), direct: sort(direct) },
  }
}

/** What is left of a collapsed section: what is unread, and where one is. */
export const stillShown = (
  rows: readonly Row[],
  current: number,
  chatOf: (id: number) => Chat | undefined,
): readonly Row[] =>
  rows.filter(({ id }) => {
    const chat = chatOf(id)
    return id === current || (chat !== undefined && rowState(chat).shows !== 'nothing')
  })

/** The next row before or after the current one that is wanted, going round. */
export function neighbour(
  rows: readonly Row[],
  current: number,
  step: 1 | -1,
  wanted: (id: number) => boolean,
): number | undefined {
  const at = rows.findIndex(({ id }) => id === current)
  const start = at === -1 && step === -1 ? 0 : at
  for (let i = 1; i <= rows.length; i++) {
    const row = rows[(start + step * i + rows.length * 2) % rows.length]
    if (row && row.id !== current && wanted(row.id)) return row.id
  }
  return undefined
}
