import type { Chat } from '@parley/contract'
import { client } from '../../app/client.ts'
import type { Named } from './match.ts'
import { mentionedNames } from './mentions.ts'
import { usePeople } from './people.ts'

/** Whether somebody is in a chat whose members are too many to be listed. */
async function isMember(chat: Chat, { id }: Named): Promise<boolean> {
  const query = id > 1 ? { after: id - 1, limit: 1 } : { limit: 1 }
  const { members } = await client.listChatMembers({ params: { id: chat.id }, query })
  return members[0]?.id === id
}

/** Asking for each name of a long list would take long, and read as long. */
const most = 5

/** Those whom the text mentions and who are not in the chat, so that they will not hear of it. */
export async function outsidersOf(chat: Chat, text: string): Promise<readonly Named[]> {
  const names = mentionedNames(text).slice(0, most * 2)
  if (names.length === 0) return []
  const people = usePeople()
  await people.want(chat)
  const inside = new Set(people.members(chat).map(({ username }) => username.toLowerCase()))
  const named = (name: string) =>
    people.around(chat).find(({ username }) => username.toLowerCase() === name)
  for (const name of names) if (!inside.has(name) && !named(name)) await people.search(chat, name)
  const strangers = names.flatMap((name) => (inside.has(name) ? [] : (named(name) ?? [])))
  if (chat.users.length > 0) return strangers.slice(0, most)
  const checked = await Promise.all(
    strangers.slice(0, most).map(async (user) => ((await isMember(chat, user)) ? [] : [user])),
  )
  return checked.flat()
}
