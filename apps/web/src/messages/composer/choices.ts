import type { Chat } from '@parley/contract'
import { useSession } from '../../auth/session.ts'
import { locale } from '../../words/words.ts'
import { findEmoji } from '../emoji/emoji.ts'
import type { Choice } from './completion.ts'
import { type Named, rankPeople } from './match.ts'
import { usePeople } from './people.ts'
import type { Trigger } from './trigger.ts'

/** How many are shown. */
const most = 8

const choiceOf =
  (outside: boolean) =>
  ({ id, username }: Named): Choice => ({
    key: `person-${id}`,
    insert: `@${username} `,
    label: username,
    outside,
  })

function peopleFor(query: string, chat: Chat): Choice[] {
  const people = usePeople()
  const inside = people.members(chat)
  const known = new Set(inside.map(({ id }) => id))
  const others = people.around(chat).filter(({ id }) => !known.has(id))
  const rank = (users: readonly Named[]) =>
    rankPeople(users, query, locale.value, useSession().me?.id)
  // Where not all members are listed, nobody knows yet that somebody is none.
  const outside = chat.users.length > 0
  return [...rank(inside).map(choiceOf(false)), ...rank(others).map(choiceOf(outside))]
}

/** What can complete a word, the best first. */
export function choicesFor({ kind, query }: Trigger, chat: Chat): readonly Choice[] {
  if (kind === 'person') return peopleFor(query, chat).slice(0, most)
  return findEmoji(query, most).map(({ name, character }) => ({
    key: `emoji-${name}`,
    insert: `${character} `,
    label: `:${name}:`,
    emoji: character,
  }))
}

/** Asks for those who are likely to be mentioned. */
export const wantPeople = (chat: Chat): void => void usePeople().want(chat)
/** Asks for those whose name has this, where not all are known. */
export const searchPeople = (chat: Chat, query: string): void =>
  void usePeople().search(chat, query)
