import type { Chat } from '@parley/contract'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { client } from '../../app/client.ts'
import { useLive } from '../../live/live.ts'
import type { Named } from './match.ts'

/** How long a list of people counts as fresh, in milliseconds. */
const freshMs = 60_000
const page = 100

interface Known {
  at: number
  users: readonly Named[]
  /** All are on the page. */
  whole: boolean
}

/** People that the bootstrap does not tell: of large chats, and of workspaces beyond one's chats. */
export const usePeople = defineStore('composer-people', () => {
  const live = useLive()
  /** First pages, by `chat:7` or `workspace:3`. */
  const pages = shallowRef<ReadonlyMap<string, Known>>(new Map())
  /** Whom a search brought, by id. */
  const found = shallowRef<ReadonlyMap<number, Named>>(new Map())
  const asked = new Map<string, number>()

  /** Runs once in a while for each key; what fails may be asked for again. */
  async function once(key: string, work: () => Promise<void>): Promise<void> {
    const now = Date.now()
    if (now - (asked.get(key) ?? -Infinity) < freshMs) return
    asked.set(key, now)
    await work().catch(() => asked.delete(key))
  }

  const keep = (key: string, users: readonly Named[], whole: boolean) =>
    (pages.value = new Map([...pages.value, [key, { at: Date.now(), users, whole }]]))

  /** Whoever is in the chat, as far as known. */
  const members = (chat: Chat): readonly Named[] =>
    chat.users.length > 0
      ? chat.users.map((id) => ({ id, username: live.userName(id) }))
      : (pages.value.get(`chat:${chat.id}`)?.users ?? [])

  /** Whoever is in the chat's workspace, as far as known; nobody where it has none. */
  function around({ workspace_id: id }: Chat): readonly Named[] {
    if (id === null) return []
    const first = pages.value.get(`workspace:${id}`)
    const users = new Map((first?.users ?? []).map((user) => [user.id, user]))
    if (first?.whole !== true) for (const [id, user] of found.value) users.set(id, user)
    return [...users.values()]
  }

  /** Asks for those who are likely to be mentioned. */
  async function want({ id, users, workspace_id }: Chat): Promise<void> {
    const asking: Promise<void>[] = []
    if (users.length === 0)
      asking.push(
        once(`chat:${id}`, async () => {
          const answer = await client.listChatMembers({ params: { id }, query: { limit: page } })
          keep(`chat:${id}`, answer.members, !answer.has_more)
        }),
      )
    if (workspace_id !== null)
      asking.push(
        once(`workspace:${workspace_id}`, async () => {
          const input = { params: { id: workspace_id }, query: { limit: page } }
          const answer = await client.listWorkspaceMembers(input)
          keep(`workspace:${workspace_id}`, answer.members, !answer.has_more)
        }),
      )
    await Promise.all(asking)
  }

  /** Asks for people by a part of their name, where not all are known. */
  async function search(chat: Chat, query: string): Promise<void> {
    const { workspace_id: id } = chat
    const whole = id === null || pages.value.get(`workspace:${id}`)?.whole === true
    if (query === '' || (whole && chat.users.length > 0)) return
    await once(`search:${query}`, async () => {
      const { users } = await client.listUsers({ query: { query, limit: 20 } })
      found.value = new Map([...found.value, ...users.map((user) => [user.id, user] as const)])
    })
  }

  return { members, around, want, search, pages, found }
})
